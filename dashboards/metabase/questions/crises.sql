-- One row per crisis, newest first.
select
    r.brand as "Brand",
    r.began_at as "Began",
    r.peaked_at as "Peak",
    r.peak_count as "Negative mentions in the hour of the peak",
    r.negative_count as "Negative mentions",
    r.reach as "Reach",
    round(r.first_reply_minutes / 60, 1) as "Hours to our first public reply",
    r.ended_at as "Ended",
    round(r.days_to_baseline, 1) as "Ended after days",
    coalesce(r.campaign_name, r.campaign_key) as "Campaign spoken of",
    r.promise as "Promise spoken of",
    r.product as "Product spoken of"
from published.crises as r
where
    r.is_crisis
    [[and to_char(r.period_start, 'YYYY-MM') <= greatest({{period}})]]
    $filters
order by r.began_at desc, r.brand
limit 500
