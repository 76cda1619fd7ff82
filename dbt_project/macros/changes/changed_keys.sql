{#-
    Queries of the keys whose rows an incremental build computes again.

    They read staging, not the unions: a row that became spam or cancelled has changed too.
-#}

{%- macro changed_keys(entity, column, prefix="") -%}
    select {{ prefixed(prefix, global_key(column)) }}
    from (
        {{ union_staging(entity) }}
    ) as staged
    where {{ column }} is not null and loaded_at > {{ build_since() }}
{%- endmacro -%}

{#- A key with what tells its kind from others, where there are several. -#}
{%- macro prefixed(prefix, key) -%} {% if prefix %}'{{ prefix }}' || {% endif %}{{ key }} {%- endmacro -%}

{#- Customer records whose row changed, or one of the identifiers that they carry. -#}
{%- macro changed_customers() -%}
    {{ changed_keys("customers", "customer_id") }}
    union all
    {{ changed_keys("customer_identities", "customer_id") }}
{%- endmacro -%}

{#- Orders whose row changed, or an exchange rate of their currency since then. -#}
{%- macro changed_orders() -%}
    {{ changed_keys("orders", "order_id") }}
    union all
    select order_key from {{ this }}
    where {{ is_rated_anew("original_currency") }}
{%- endmacro -%}

{#- Keep, in an incremental build, the rows of these orders. -#}
{%- macro only_changed_orders(currency) -%}
    {%- if is_incremental() %}
    where loaded_at > {{ build_since() }} or ({{ is_rated_anew(currency) }})
    {%- endif -%}
{%- endmacro -%}

{#- Whether an order is of a currency with a changed rate, and not older than any such rate. -#}
{%- macro is_rated_anew(currency) -%}
    {%- set rates = ref("int_exchange_rates_unioned") -%}
    ordered_at >= (
        select {{ local_instant("min(rate_date)", "00:00") }} from {{ rates }}
        where loaded_at > {{ build_since() }}
    )
    and {{ currency }} in (
        select currency from {{ rates }}
        where loaded_at > {{ build_since() }}
    )
{%- endmacro -%}

{#- Answers to survey and satisfaction questions whose row changed, or whose ticket's did. -#}
{%- macro changed_answers() -%}
    {{ changed_ratings("rating:") }}
    union all
    {{ changed_keys("survey_responses", "response_id", "response:") }}
{%- endmacro -%}

{#- Satisfaction ratings whose row changed, or whose ticket's did. -#}
{%- macro changed_ratings(prefix="") -%}
    {{ changed_keys("satisfaction_ratings", "rating_id", prefix) }}
    union all
    select {{ prefixed(prefix, "rating_key") }}
    from {{ ref("int_satisfaction_ratings_unioned") }}
    where ticket_key in (
        {{ changed_keys("tickets", "ticket_id") }}
    )
{%- endmacro -%}

{#- Conversations of changed tickets, events, messages, and threads that were cut anew. -#}
{%- macro changed_conversations() -%}
    {{ changed_tickets("ticket:") }}
    union all
    {{ changed_threads("social:") }}
{%- endmacro -%}

{#- Tickets that changed, or an event or a message of theirs. -#}
{%- macro changed_tickets(prefix="") -%}
    {{ changed_keys("tickets", "ticket_id", prefix) }}
    union all
    {{ changed_keys("ticket_events", "ticket_id", prefix) }}
    union all
    {{ changed_keys("messages", "ticket_id", prefix) }}
{%- endmacro -%}

{#- Opening messages of threads that changed themselves or were cut anew. -#}
{%- macro changed_threads(prefix="") -%}
    {{ changed_keys("messages", "message_id", prefix) }}
    union all
    select {{ prefixed(prefix, "message_key") }}
    from {{ ref("int_messages_threaded") }}
    where build_since = {{ build_since() }}
{%- endmacro -%}
