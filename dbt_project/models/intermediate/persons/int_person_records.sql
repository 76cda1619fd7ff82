{{ config(materialized='table') }}

{%- set seen = [
    ('int_orders_converted', 'customer_key', 'ordered_at'),
    ('int_orders_converted', 'referrer_customer_key', 'ordered_at'),
    ('int_tickets_unioned', 'customer_key', 'created_at'),
    ('int_messages_prepared', 'customer_key', 'sent_at'),
    ('int_satisfaction_ratings_unioned', 'customer_key', 'coalesce(rated_at, offered_at)'),
    ('int_survey_responses_unioned', 'customer_key', 'answered_at'),
    ('int_sends_dated', 'customer_key', 'sent_at'),
] %}

with customers as (

    select * from {{ ref('int_customers_unioned') }}

),

identities as (

    select distinct customer_key
    from {{ ref('int_customer_identities_unioned') }}

),

company as (

    select 'handle:' || channel || ':' || author_handle as customer_key
    from {{ ref('int_company_handles') }}

),

sightings as (

    select
        customer_key,
        created_at as seen_at
    from customers

    union all

    select
        customer_key,
        cast(null as {{ type_instant() }}) as seen_at
    from identities
    {%- for model, key, seen_at in seen %}

        union all

        select
            {{ key }},
            min({{ seen_at }}) as seen_at
        from {{ ref(model) }}
        where {{ key }} is not null
        group by {{ key }}
    {%- endfor %}

),

records as (

    select
        customer_key,
        min(seen_at) as first_seen_at
    from sightings
    where customer_key not in (select customer_key from company)
    group by customer_key

),

final as (

    select
        records.customer_key,
        records.customer_key like 'handle:%' as is_handle_record,
        customers.birth_year,
        coalesce({{ generation('customers.birth_year') }}, customers.generation) as generation,
        coalesce(customers.is_staff, false) or coalesce(customers.is_test, false) as is_excluded,
        records.first_seen_at
    from records
    left join customers on records.customer_key = customers.customer_key

)

select * from final
