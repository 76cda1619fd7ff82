{%- set begin = instant_of_day('panels.period_start', 0) -%}

-- By what customers had spent when the month began: one pair of bounds for all its comparisons.
with final as (

    select
        panels.period_start,
        percentile_disc(1.0 / 3) within group (order by years.spend) as first_third,
        percentile_disc(2.0 / 3) within group (order by years.spend) as second_third
    from {{ ref('int_comparison_panels') }} as panels
    inner join {{ ref('int_customer_years') }} as years
        on
            panels.person_number = years.person_number
            and {{ begin }} > years.changed_at
            and {{ begin }} <= years.next_changed_at
    group by panels.period_start

)

select * from final
