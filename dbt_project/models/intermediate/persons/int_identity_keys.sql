-- E-mails and phones were normalised in Python (analytics/identifiers): hash for hash.
with keys as (

    select * from {{ ref('int_customer_keys') }}
    where key_value is not null

),

normalised as (

    select
        keys.customer_key,
        keys.key_kind,
        identifiers.key_hash,
        identifiers.refusal
    from keys
    inner join {{ source('analytics', 'identifiers') }} as identifiers
        on
            keys.key_kind = identifiers.kind
            and {{ dbt.hash('keys.key_value') }} = identifiers.written_hash

    union all

    select
        customer_key,
        key_kind,
        {{ dbt.hash("key_kind || ':' || key_value") }} as key_hash,
        cast(null as {{ dbt.type_string() }}) as refusal
    from keys
    where key_kind not in ('email', 'phone')

),

records as (

    select * from {{ ref('int_person_records') }}

),

final as (

    select distinct
        records.record_number,
        records.is_handle_record,
        normalised.key_kind,
        normalised.key_hash,
        normalised.refusal
    from normalised
    inner join records on normalised.customer_key = records.customer_key

)

select * from final
