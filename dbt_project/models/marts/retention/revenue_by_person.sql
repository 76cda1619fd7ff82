with compared as (

    select * from {{ ref('int_revenue_year_on_year') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        persons.person_id,
        compared.period_start,
        persons.generation,
        compared.brand,
        {% for suffix in ['', '_by_brand', '_by_channel'] %}
            case when has_bought{{ suffix }} and is_known{{ suffix }} then revenue_then else 0 end
                as {{ 'revenue_prior_year' ~ suffix }},
            case when has_bought{{ suffix }} and is_known{{ suffix }} then revenue_now else 0 end
                as {{ 'revenue_retained' ~ suffix }},
            has_bought{{ suffix }} and is_known{{ suffix }} and is_person{{ suffix }}
                as {{ 'is_prior_year_buyer' ~ suffix }},
            has_bought{{ suffix }} and is_person{{ suffix }} and not is_known{{ suffix }}
                as {{ 'is_left_out' ~ suffix }},
        {% endfor %}
        compared.channel
    from compared
    inner join persons on compared.person_number = persons.person_number

)

-- As in purchase_intervals: the rows behind a recent month lie together.
select * from final
order by period_start desc, person_id asc
