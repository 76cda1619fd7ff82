-- Of a customer whom several sources list, any of them may know.
with customers as (

    select
        {{ global_key('customer_id', of='customers') }} as customer_key,
        max(birth_year) as birth_year,
        max(generation) as generation,
        max(case when is_staff or is_test then 1 else 0 end) = 1 as is_excluded
    from {{ ref('stg_customers') }}
    group by 1

),

named as (

    select distinct customer_key from {{ ref('int_named_records') }}

),

-- In the order of a hash, so that neighbours in a chain of records have unrelated numbers: see
-- int_person_components.
final as (

    select
        row_number() over (order by {{ dbt.hash('named.customer_key') }}) as record_number,
        named.customer_key,
        named.customer_key like 'handle:%' as is_handle_record,
        customers.customer_key is not null as is_listed,
        customers.birth_year,
        coalesce({{ generation('customers.birth_year') }}, customers.generation) as generation,
        coalesce(customers.is_excluded, false) as is_excluded
    from named
    left join customers on named.customer_key = customers.customer_key

)

select * from final
