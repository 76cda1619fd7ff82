{%- set parents = [
    ('order_lines', 'order_id', 'orders'),
    ('refunds', 'order_id', 'orders'),
    ('messages', 'ticket_id', 'tickets'),
    ('ticket_events', 'ticket_id', 'tickets'),
    ('satisfaction_ratings', 'ticket_id', 'tickets'),
    ('effort_ratings', 'ticket_id', 'tickets'),
] -%}
{%- set amounts = [
    ('orders', 'int_orders_converted', 'net_amount', 'true'),
    ('refunds', 'int_refunds_converted', 'amount', 'true'),
    ('campaign_costs', 'int_campaign_costs', 'amount', 'not is_of_ads'),
    ('ad_days', 'int_campaign_costs', 'amount', 'is_of_ads'),
] -%}

with orders as (

    select distinct {{ global_key('order_id', of='orders') }} as parent_key
    from {{ ref('stg_orders') }}

),

tickets as (

    select distinct {{ global_key('ticket_id', of='tickets') }} as parent_key
    from {{ ref('stg_tickets') }}

),

final as (

    select
        entity,
        source_name,
        'person' as gap,
        sum(record_count) as record_count,
        sum(record_count - matched_count) as lacking_count
    from {{ ref('int_record_counts') }}
    group by 1, 2

    {% for entity, model, amount, condition in amounts %}
        union all

        select
            '{{ entity }}' as entity,
            source_name,
            'rate' as gap,
            count(*) as record_count,
            count(*) filter (where {{ amount }} is null) as lacking_count
        from {{ ref(model) }}
        where {{ condition }}
        group by 1, 2
    {% endfor %}

    {% for entity, id, parent in parents %}
        union all

        select
            '{{ entity }}' as entity,
            children.source_name,
            'parent' as gap,
            count(*) as record_count,
            count(*) filter (where parents.parent_key is null) as lacking_count
        from {{ ref('stg_' ~ entity) }} as children
        left join {{ parent }} as parents
            on {{ global_key(id, 'children', of=parent) }} = parents.parent_key
        where children.{{ id }} is not null
        group by 1, 2
    {% endfor %}

)

select * from final
