{#- One entry for each fact with a person: area, model, the customer's key, the month. -#}
{%- set facts = [
    ('orders', 'int_orders_converted', 'customer_key', 'period_start'),
    ('orders', 'int_orders_converted', 'referrer_customer_key', 'period_start'),
    ('social', 'int_messages_prepared', 'customer_key', 'period_start'),
    ('campaigns', 'int_sends_dated', 'customer_key', 'period_start'),
] -%}

with relinked as (

    select customer_key from {{ ref('int_person_links') }}
    where build_since = {{ build_since() }}

),

conversations as (

    select
        *,
        case conversation_kind when 'ticket' then 'service' else 'social' end as area
    from {{ ref('int_conversations_answered') }}

),

rescored as (

    select text_hash from {{ ref('int_text_scores_latest') }}
    where build_since = {{ build_since() }}

),

final as (

    select
        area,
        period_start
    from {{ source('bookkeeping', 'touched_months') }}
    where build_since = {{ build_since() }}
    {%- for area, model, key, month in facts %}

        union

        select
            '{{ area }}' as area,
            {{ month }}
        from {{ ref(model) }}
        where loaded_at > {{ build_since() }} or {{ key }} in (select customer_key from relinked)
    {%- endfor %}

    union

    select
        area,
        period_start
    from conversations
    where
        build_since = {{ build_since() }}
        or customer_key in (select customer_key from relinked)

    union

    select
        area,
        period_start
    from {{ ref('int_answers_dated') }}
    where
        loaded_at > {{ build_since() }}
        or customer_key in (select customer_key from relinked)

    union

    -- A source's first answer tells of all its conversations that they could have been answered.
    select
        conversations.area,
        conversations.period_start
    from conversations
    inner join {{ ref('int_conversation_coverage') }} as coverage
        on
            conversations.source_name = coverage.source_name
            and conversations.conversation_kind = coverage.conversation_kind
    where coverage.build_since = {{ build_since() }}

    union

    -- Scores decide what is a mention's mood and what is a complaint, at tickets too.
    select
        case when messages.ticket_key is null then 'social' else 'service' end as area,
        messages.period_start
    from {{ ref('int_messages_prepared') }} as messages
    inner join rescored on messages.text_hash = rescored.text_hash

    union

    select
        conversations.area,
        conversations.period_start
    from conversations
    inner join rescored on conversations.opening_text_hash = rescored.text_hash

    union

    select
        'campaigns' as area,
        {{ month_start('cost_date') }} as period_start
    from {{ ref('int_campaign_costs_unioned') }}
    where loaded_at > {{ build_since() }}

)

select * from final
where period_start is not null
