-- One row: what the card says of its latest complete month, in words.
with series as (
$series
),

latest as (
    select * from series
    where period_start = $month
)

select
    case
        when latest.value is not null
            then
                to_char(latest.period_start, 'Mon YYYY') || ': '
                || to_char(latest.value, $format) || $suffix
                || coalesce(
                    ' (95 %: ' || to_char(latest.ci_low, $format)
                    || ' to ' || to_char(latest.ci_high, $format) || ')',
                    ''
                )
                || coalesce(', n ' || to_char(latest.n, 'FM999,999,999,990'), '')
                || coalesce(', ' || latest.left_out, '')
                || $change
        when latest.suppressed_reason is not null
            then
                to_char(latest.period_start, 'Mon YYYY')
                || ': suppressed: ' || latest.suppressed_reason
        when exists (select * from series)
            then replace($not_measured_then, '{period}', to_char($month, 'Mon YYYY'))
        when $is_segment then $not_measured
        else $absence
    end as "Reading",
    case
        when latest.value is null then $too_little_data
        else case latest.signal
            $signals
            else $too_little_data
        end
    end as "Signal",
    case
        when latest.target is null then $no_target
        when latest.value is null then $unjudged
        else case latest.target_status
            $target_statuses
            else $unjudged
        end
    end as "Target",
    to_char(latest.data_as_of at time zone $time_zone, 'DD Mon YYYY') as "Data as of"
from (select 1 as always) as card
left join latest on true
