{#-
    Queries of the keys whose rows an incremental build computes again.

    They read staging, not the unions: a row that became spam or cancelled has changed too.
-#}

{%- macro changed_keys(entity, column, prefix="") -%}
    select {% if prefix %}'{{ prefix }}' || {% endif %}{{ global_key(column) }}
    from (
        {{ union_staging(entity) }}
    ) as staged
    where {{ column }} is not null and loaded_at > {{ build_since() }}
{%- endmacro -%}

{#- Customer records whose row changed, or one of the identifiers that they carry. -#}
{%- macro changed_customers() -%}
    {{ changed_keys("customers", "customer_id") }}
    union all
    {{ changed_keys("customer_identities", "customer_id") }}
{%- endmacro -%}

{#- Orders whose row changed, or whose day's exchange rate did. -#}
{%- macro changed_orders() -%}
    {{ changed_keys("orders", "order_id") }}
    union all
    select orders.order_key
    from {{ ref("int_orders_unioned") }} as orders
    inner join {{ ref("int_exchange_rates_unioned") }} as rates
        on
            upper(trim(orders.currency)) = rates.currency
            and rates.rate_date <= {{ local_date("orders.ordered_at") }}
    where rates.loaded_at > {{ build_since() }}
{%- endmacro -%}

{#- Answers to survey and satisfaction questions whose row changed, or whose ticket's did. -#}
{%- macro changed_answers() -%}
    {{ changed_keys("satisfaction_ratings", "rating_id", "rating:") }}
    union all
    select 'rating:' || rating_key
    from {{ ref("int_satisfaction_ratings_unioned") }}
    where ticket_key in (
        {{ changed_keys("tickets", "ticket_id") }}
    )
    union all
    {{ changed_keys("survey_responses", "response_id", "response:") }}
{%- endmacro -%}

{#- Conversations of changed tickets, events, messages, and threads that were cut anew. -#}
{%- macro changed_conversations() -%}
    {{ changed_keys("tickets", "ticket_id", "ticket:") }}
    union all
    {{ changed_keys("ticket_events", "ticket_id", "ticket:") }}
    union all
    {{ changed_keys("messages", "ticket_id", "ticket:") }}
    union all
    {{ changed_keys("messages", "message_id", "social:") }}
    union all
    select 'social:' || message_key
    from {{ ref("int_messages_threaded") }}
    where build_since = {{ build_since() }}
{%- endmacro -%}
