with counts as (

    select * from {{ ref('int_campaign_trial_counts') }}

),

spending as (

    select
        campaign,
        {{ known_sum('known_spend') }} as spend
    from {{ ref('int_spending') }}
    group by campaign

),

-- What a campaign cost is shared by those to whom it was sent, in whichever month.
sent as (

    select
        campaign,
        count(distinct person_number) as sent_count
    from {{ ref('int_campaign_assignments') }}
    where not is_control and person_number is not null
    group by campaign

),

final as (

    select
        counts.campaign,
        counts.period_start,
        counts.order_count,
        counts.unknown_margin_count,
        spending.spend * counts.treated_count / sent.sent_count as spend,
        case
            when counts.unknown_margin_count = 0
                then
                    counts.treated_margin
                    - counts.treated_count * counts.control_margin
                    / nullif(counts.control_count, 0)
        end as incremental_margin,
        case
            when
                least(counts.treated_count, counts.control_count)
                >= {{ least_persons_of_means() }}
                then 1.959964 * counts.treated_count * sqrt(
                    {% for side in ['counts.treated', 'counts.control'] %}
                        {{ variance_of(
                            side ~ '_count', side ~ '_margin', side ~ '_margin_squared'
                        ) }} / {{ side }}_count {{ '+' if not loop.last }}
                    {% endfor %}
                )
        end as reach_of_interval
    from counts
    inner join sent on counts.campaign = sent.campaign
    left join spending on counts.campaign = spending.campaign

)

select * from final
