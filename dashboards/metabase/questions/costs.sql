-- One row per channel: what its campaigns cost over the last twelve months, all in.
select
    r.channel as "Channel",
    sum(r.media_spend) as "Media",
    sum(r.labour_spend) as "Labour",
    sum(r.tools_spend) as "Tools"
from published.campaign_reach as r
where
    r.period_start > $month - interval '12 months'
    [[and to_char(r.period_start, 'YYYY-MM') <= greatest({{period}})]]
    [[and r.brand in ({{brand}})]]
group by r.channel
order by sum(r.spend) desc
