-- What the touches before a sale come to: which states, and which department had the last word.
with steps as (

    select
        *,
        max(case when department is not null then happened_at end) over (
            partition by person_number, sale_at
        ) as last_word_at
    from {{ ref('int_credit_steps') }}
    where sale_at is not null

),

final as (

    select
        person_number,
        sale_at,
        {{ dbt.listagg('distinct state', "' + '", 'order by state') }} as states,
        max(case when happened_at = last_word_at then department end) as last_department
    from steps
    group by person_number, sale_at

)

select * from final
