with counts as (

    select * from {{ ref('int_rfm_counts') }}

),

final as (

    select
        {% for score in range(2, 6) %}
            min(earliest_last_order_date) filter (where recency_score >= {{ score }})
                as recency_{{ score }},
            min(fewest_orders) filter (where frequency_score >= {{ score }})
                as frequency_{{ score }},
            min(least_revenue) filter (where monetary_score >= {{ score }})
                as monetary_{{ score }},
        {% endfor %}
        period_start
    from counts
    group by period_start

)

select * from final
