{{ config(materialized='table', indexes=[{'columns': ['customer_key'], 'unique': true}]) }}

{%- set named_by = [
    ('int_customer_identities_unioned', 'customer_key'),
    ('int_orders_converted', 'customer_key'),
    ('int_orders_converted', 'referrer_customer_key'),
    ('int_tickets_unioned', 'customer_key'),
    ('int_messages_prepared', 'customer_key'),
    ('int_satisfaction_ratings_unioned', 'customer_key'),
    ('int_survey_responses_unioned', 'customer_key'),
    ('int_sends_dated', 'customer_key'),
] %}

with customers as (

    select * from {{ ref('int_customers_unioned') }}

),

company as (

    select 'handle:' || channel || ':' || author_handle as customer_key
    from {{ ref('int_company_handles') }}

),

-- Nearly every row names a customer who is listed: those are left out before the rest is told
-- apart.
unlisted as (
    {% for model, key in named_by %}
        {% if not loop.first %}union{% endif %}
        select {{ key }} as customer_key
        from {{ ref(model) }}
        where
            {{ key }} is not null
            and {{ key }} not in (select customer_key from customers)
    {% endfor %}

),

records as (

    select
        customer_key,
        birth_year,
        coalesce({{ generation('birth_year') }}, generation) as generation,
        coalesce(is_staff, false) or coalesce(is_test, false) as is_excluded
    from customers

    union all

    select
        customer_key,
        cast(null as {{ dbt.type_int() }}) as birth_year,
        cast(null as {{ dbt.type_string() }}) as generation,
        false as is_excluded
    from unlisted

),

final as (

    select
        customer_key,
        {{ dbt.hash('customer_key') }} as node,
        customer_key like 'handle:%' as is_handle_record,
        birth_year,
        generation,
        is_excluded
    from records
    where customer_key not in (select customer_key from company)

)

select * from final
