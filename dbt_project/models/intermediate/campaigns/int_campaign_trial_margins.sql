{%- set sides = {
    'treated': 'is_treated and not is_control',
    'control': 'is_control and not is_treated',
} -%}

with spending as (

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

sums as (

    select
        campaign,
        period_start,
        sum(unknown_margin_count) as unknown_margin_count,
        sum(order_count) as order_count,
        {% for side, is_side in sides.items() %}
            cast(count(*) filter (where {{ is_side }}) as {{ dbt.type_float() }})
                as {{ side }}_count,
            sum(margin) filter (where {{ is_side }}) as {{ side }}_margin,
            sum(margin * margin) filter (where {{ is_side }}) as {{ side }}_margin_squared,
        {% endfor %}
        count(*) as person_count
    from {{ ref('int_campaign_trials') }}
    group by campaign, period_start

),

final as (

    select
        sums.campaign,
        sums.period_start,
        sums.order_count,
        sums.unknown_margin_count,
        spending.spend * sums.treated_count / sent.sent_count as spend,
        case
            when sums.unknown_margin_count = 0
                then
                    sums.treated_margin
                    - sums.treated_count * sums.control_margin / nullif(sums.control_count, 0)
        end as incremental_margin,
        case
            when least(sums.treated_count, sums.control_count) >= {{ least_persons_of_means() }}
                then 1.959964 * sums.treated_count * sqrt(
                    {% for side in sides %}
                        {{ variance_of(
                            'sums.' ~ side ~ '_count', 'sums.' ~ side ~ '_margin',
                            'sums.' ~ side ~ '_margin_squared'
                        ) }} / sums.{{ side }}_count {{ '+' if not loop.last }}
                    {% endfor %}
                )
        end as reach_of_interval
    from sums
    inner join sent on sums.campaign = sent.campaign
    left join spending on sums.campaign = spending.campaign

)

select * from final
