{%- set columns = 'comparison_number, known_until, happened_at, person_number' -%}

with final as (

    select
        {{ columns }},
        true as had_it
    from {{ ref('int_comparison_cases') }}
    where position <= {{ var('comparison_persons') }}

    union all

    select
        {{ columns }},
        false as had_it
    from {{ ref('int_comparison_others') }}

)

select * from final
