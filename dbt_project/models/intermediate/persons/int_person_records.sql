{%- set named_by = [
    ('stg_customer_identities', 'customer_id'),
    ('int_orders_converted', 'customer_id'),
    ('int_orders_converted', 'referrer_customer_id'),
    ('stg_satisfaction_ratings', 'customer_id'),
    ('stg_survey_responses', 'customer_id'),
    ('stg_campaign_touches', 'customer_id'),
] -%}

with customers as (

    select
        *,
        {{ global_key('customer_id') }} as customer_key
    from {{ ref('stg_customers') }}

),

company as (

    select 'handle:' || channel || ':' || author_handle as customer_key
    from {{ ref('int_company_handles') }}
    where author_handle is not null

),

named as (

    {% for model, id in named_by %}
        select {{ global_key(id) }} as customer_key
        from (select distinct source_name, {{ id }} from {{ ref(model) }}) as ids

        union

    {% endfor %}

    select customer_key from {{ ref('int_tickets') }}
    where not is_excluded

    union

    select customer_key from {{ ref('int_messages_prepared') }}

),

records as (

    select
        customer_key,
        customers.birth_year,
        coalesce({{ generation('customers.birth_year') }}, customers.generation) as generation,
        coalesce(customers.is_staff, false) or coalesce(customers.is_test, false) as is_excluded
    from customers
    full outer join named using (customer_key)
    where customer_key is not null

),

-- In the order of a hash, so that neighbours in a chain of records have unrelated numbers: see
-- int_person_components.
final as (

    select
        row_number() over (order by {{ dbt.hash('customer_key') }}) as record_number,
        customer_key,
        customer_key like 'handle:%' as is_handle_record,
        birth_year,
        generation,
        is_excluded
    from records
    where customer_key not in (select customer_key from company)

)

select * from final
