{%- set named_by = [
    ('stg_customers', 'customer_id'),
    ('stg_customer_identities', 'customer_id'),
    ('int_orders_converted', 'customer_id'),
    ('int_orders_converted', 'referrer_customer_id'),
    ('stg_satisfaction_ratings', 'customer_id'),
    ('stg_survey_responses', 'customer_id'),
    ('stg_campaign_touches', 'customer_id'),
    ('stg_experiences', 'customer_id'),
] -%}

with company as (

    select 'handle:' || channel || ':' || author_handle as customer_key
    from {{ ref('int_company_handles') }}
    where author_handle is not null

),

named as (

    {% for model, id in named_by %}
        select
            source_name,
            {{ global_key(id, of='customers') }} as customer_key
        from (select distinct source_name, {{ id }} from {{ ref(model) }}) as ids

        union

    {% endfor %}

    select
        source_name,
        customer_key
    from {{ ref('int_tickets') }}
    where not is_excluded

    union

    select
        source_name,
        customer_key
    from {{ ref('int_messages_prepared') }}

),

final as (

    select
        source_name,
        customer_key
    from named
    where
        customer_key is not null
        and customer_key not in (select customer_key from company)

)

select * from final
