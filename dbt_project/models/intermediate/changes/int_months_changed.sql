{#- One entry for each fact with a person: area, model, the customer's key, when it is new. -#}
{%- set is_loaded = 'loaded_at > ' ~ build_since() -%}
{%- set is_built = 'build_since = ' ~ build_since() -%}
{%- set facts = [
    ("'orders'", 'int_orders_converted', 'customer_key', is_loaded),
    ("'orders'", 'int_orders_converted', 'referrer_customer_key', is_loaded),
    ("'social'", 'int_messages_prepared', 'customer_key', is_loaded),
    ("'campaigns'", 'int_sends_dated', 'customer_key', is_loaded),
    ('area', 'int_answers_dated', 'customer_key', is_loaded),
    (area_of_conversations(), 'int_conversations_answered', 'customer_key', is_built),
] -%}

with relinked as (

    select customer_key from {{ ref('int_person_links') }}
    where {{ is_built }}

),

conversations as (

    select
        *,
        {{ area_of_conversations() }} as area
    from {{ ref('int_conversations_answered') }}

),

rescored as (

    select text_hash from {{ ref('int_text_scores_latest') }}
    where {{ is_built }}

),

final as (

    select
        area,
        period_start
    from {{ source('bookkeeping', 'touched_months') }}
    where {{ is_built }}
    {#- Two questions a fact, not one with an "or": each finds its rows by an index. -#}
    {%- for area, model, key, is_new in facts %}

        union

        select
            {{ area }} as area,
            period_start
        from {{ ref(model) }}
        where {{ is_new }}

        union

        select
            {{ area }} as area,
            facts.period_start
        from {{ ref(model) }} as facts
        inner join relinked on facts.{{ key }} = relinked.customer_key
    {%- endfor %}

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
    where coverage.{{ is_built }}

    union

    -- What the company writes itself is no mention, whenever it was written.
    select
        'social' as area,
        messages.period_start
    from {{ ref('int_messages_prepared') }} as messages
    inner join {{ ref('int_company_handles') }} as company
        on
            messages.author_handle = company.author_handle
            and lower(messages.channel) = company.channel
    where company.{{ is_built }}

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
    where {{ is_loaded }}

)

select * from final
where period_start is not null
