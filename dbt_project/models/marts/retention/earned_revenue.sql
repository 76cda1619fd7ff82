{%- set suffixes = ['', '_by_brand', '_by_channel'] -%}

with kept as (

    select * from {{ ref('revenue_by_person') }}

),

newcomers as (

    select * from {{ ref('int_new_revenue') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        person_id,
        period_start,
        generation,
        brand,
        channel,
        'bought a year ago' as reason,
        {% for suffix in suffixes %}
            revenue_prior_year{{ suffix }},
            revenue_retained{{ suffix }} - revenue_prior_year{{ suffix }}
                as {{ 'earned_growth' ~ suffix }},
            is_prior_year_buyer{{ suffix }} as {{ 'is_counted' ~ suffix }},
            is_left_out{{ suffix }},
        {% endfor %}
        false as is_new
    from kept

    union all

    select
        persons.person_id,
        newcomers.period_start,
        persons.generation,
        newcomers.brand,
        newcomers.channel,
        newcomers.reason,
        {% for suffix in suffixes %}
            0 as {{ 'revenue_prior_year' ~ suffix }},
            case when reason = 'referred' and is_known{{ suffix }} then revenue else 0 end
                as {{ 'earned_growth' ~ suffix }},
            reason = 'referred' and is_person{{ suffix }} and is_known{{ suffix }}
                as {{ 'is_counted' ~ suffix }},
            reason = 'referred' and is_person{{ suffix }} and not is_known{{ suffix }}
                as {{ 'is_left_out' ~ suffix }},
        {% endfor %}
        newcomers.is_person as is_new
    from newcomers
    inner join persons on newcomers.person_number = persons.person_number

)

-- As in revenue_by_person: the rows behind a recent month lie together.
select * from final
order by period_start desc, person_id asc
