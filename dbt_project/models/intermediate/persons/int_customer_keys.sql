{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ drop_changed('customer_key', changed_customers()) }}",
    indexes=[{'columns': ['customer_key', 'key_hash'], 'unique': true}]
) }}

with customers as (

    select * from {{ ref('int_customers_unioned') }}
    {{ only_changed('customer_key', changed_customers()) }}

),

identities as (

    select * from {{ ref('int_customer_identities_unioned') }}
    {{ only_changed('customer_key', changed_customers()) }}

),

named as (

    select
        customer_key,
        'source_id' as key_kind,
        customer_key as key_value
    from customers

    union all

    select
        customer_key,
        'email' as key_kind,
        email as key_value
    from customers

    union all

    select
        customer_key,
        'phone' as key_kind,
        phone as key_value
    from customers

    union all

    select
        customer_key,
        lower(trim(identity_type)) as key_kind,
        identity_value as key_value
    from identities
    where lower(trim(identity_type)) in ('email', 'phone')

    union all

    -- Any other type is a network's name or the name of another source; only one will match.
    select
        customer_key,
        'source_id' as key_kind,
        identity_type || ':' || identity_value as key_value
    from identities
    where lower(trim(identity_type)) not in ('email', 'phone')

    union all

    select
        customer_key,
        'handle' as key_kind,
        lower(trim(identity_type)) || ':' || {{ normalised_handle('identity_value') }} as key_value
    from identities
    where lower(trim(identity_type)) not in ('email', 'phone')

),

normalised as (

    select
        customer_key,
        key_kind,
        {{ normalised_identifier('key_kind', 'key_value') }} as key_value
    from named

),

final as (

    select distinct
        customer_key,
        {{ dbt.hash('customer_key') }} as node,
        key_kind,
        {{ dbt.hash("key_kind || ':' || key_value") }} as key_hash
    from normalised
    where key_value is not null

)

select * from final
