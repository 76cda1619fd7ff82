{%- set columns = 'comparison_number, known_until, happened_at' -%}

with comparisons as (

    select * from {{ ref('int_comparisons') }}

),

panels as (

    select * from {{ ref('int_comparison_panels') }}

),

cases as (

    select * from {{ ref('int_comparison_cases') }}

),

-- The instants of the cases are dealt out in turn.
others as (

    select
        comparisons.comparison_number,
        panels.person_number,
        1 + mod(
            row_number() over (
                partition by comparisons.comparison_number
                order by panels.draw, panels.person_number
            ) - 1,
            comparisons.case_count
        ) as position
    from comparisons
    inner join panels
        on
            comparisons.period_start = panels.period_start
            and {{ is_drawn('comparisons.others_wanted') }}
    left join cases
        on
            comparisons.comparison_number = cases.comparison_number
            and panels.person_number = cases.person_number
    where cases.person_number is null

),

final as (

    select
        {{ columns }},
        person_number,
        true as had_it
    from cases
    where position <= {{ var('comparison_persons') }}

    union all

    select
        {{ columns }},
        others.person_number,
        false as had_it
    from others
    inner join cases using (comparison_number, position)

)

select * from final
