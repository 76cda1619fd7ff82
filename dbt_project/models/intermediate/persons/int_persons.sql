with links as (

    select * from {{ ref('int_person_links') }}
    where not is_excluded

),

final as (

    select
        person_number,
        person_id,
        max(birth_year) as birth_year,
        coalesce(max(generation), 'unknown') as generation,
        max(case when is_listed then 1 else 0 end) = 1 as is_customer,
        sum(case when is_handle_record then 0 else 1 end) as customer_count,
        sum(case when is_handle_record then 1 else 0 end) as handle_count
    from links
    group by person_number, person_id

)

select * from final
