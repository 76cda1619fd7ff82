with keys as (

    select
        customer_key,
        key_kind,
        {{ normalised_identifier('key_kind', 'key_value') }} as key_value
    from {{ ref('int_customer_keys') }}

),

records as (

    select * from {{ ref('int_person_records') }}

),

final as (

    select distinct
        records.record_number,
        records.is_handle_record,
        keys.key_kind,
        {{ dbt.hash("keys.key_kind || ':' || keys.key_value") }} as key_hash
    from keys
    inner join records on keys.customer_key = records.customer_key
    where keys.key_value is not null

)

select * from final
