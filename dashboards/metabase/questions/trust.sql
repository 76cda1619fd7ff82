-- One row per figure that says how far the numbers can be trusted, and what it is about.
select
    case figure
        $figures
    end as $title,
    nullif(subject, 'all') as "Of",
    case
        when figure = 'freshness' then to_char(measured_at at time zone $time_zone, 'DD Mon YYYY')
        when denominator is null or denominator = 0 then 'no data'
        when figure = 'identity_match' and numerator is null then 'no list of customers'
        when figure = 'persons_shared' then to_char(numerator, 'FM999,999,999,990')
        when figure = 'quarantine'
            then
                to_char(numerator, 'FM999,999,999,990') || ' of '
                || to_char(denominator, 'FM999,999,999,990')
                || case when denominator = 1 then ' row' else ' rows' end
        else to_char(100 * numerator / denominator, 'FM990.0') || ' %'
    end as "Figure"
from published.scorecard_trust
where figure in ($figure_names)
order by 1, 2
