with customers as (

    select
        *,
        {{ global_key('customer_id', of='customers') }} as customer_key
    from {{ ref('stg_customers') }}

),

identities as (

    select
        {{ global_key('customer_id', of='customers') }} as customer_key,
        identity_type,
        lower(trim(identity_type)) as key_kind,
        identity_value
    from {{ ref('stg_customer_identities') }}

),

final as (

    select
        customer_key,
        'source_id' as key_kind,
        customer_key as key_value
    from customers

    union all

    {% for kind in ('email', 'phone') %}
        select
            customer_key,
            '{{ kind }}' as key_kind,
            {{ kind }} as key_value
        from customers

        union all
    {% endfor %}

    select
        customer_key,
        key_kind,
        identity_value as key_value
    from identities
    where key_kind in ('email', 'phone')

    union all

    -- Any other type is a network's name or the name of another source; only one will match.
    select
        customer_key,
        'source_id' as key_kind,
        trim({{ key_space('identity_type', of='customers') }} || ':' || identity_value) as key_value
    from identities
    where key_kind not in ('email', 'phone')

    union all

    select
        customer_key,
        'handle' as key_kind,
        key_kind || ':' || {{ normalised_handle('identity_value') }} as key_value
    from identities
    where key_kind not in ('email', 'phone')

    union all

    select
        customer_key,
        'handle' as key_kind,
        handle as key_value
    from {{ ref('int_handle_records') }}

)

select * from final
