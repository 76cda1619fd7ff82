with records as (

    select * from {{ ref('int_person_records_ranked') }}

),

-- A customer whose handle becomes known stays the same person.
persons as (

    select
        component,
        {{ dbt.hash(
            'coalesce(min(case when not is_handle_record then customer_key end), min(customer_key))'
        ) }} as person_id,
        max(case when is_excluded then 1 else 0 end) = 1 as is_excluded,
        max(case when position = 1 then birth_year end) as birth_year,
        max(case when position = 1 then generation end) as generation
    from records
    group by component

),

numbered as (

    select
        *,
        row_number() over (order by person_id) as person_number
    from persons

),

final as (

    select
        records.record_number,
        records.customer_key,
        records.is_handle_record,
        records.is_listed,
        cast(numbered.person_number as {{ dbt.type_int() }}) as person_number,
        numbered.person_id,
        numbered.is_excluded,
        numbered.birth_year,
        numbered.generation
    from records
    inner join numbered on records.component = numbered.component

)

select * from final
