with orders as (

    select * from {{ ref('int_orders') }}
    where person_number is not null

),

refunds as (

    select
        *,
        {{ global_key('refund_id') }} as refund_key,
        {{ global_key('order_id') }} as order_key
    from {{ ref('stg_refunds') }}
    where refunded_at <= {{ as_of() }}

),

happened as (

    select
        order_key as touch_key,
        person_number,
        ordered_at as touched_at,
        case when is_return then 'return' else 'order' end as kind,
        channel,
        campaign_key,
        source_name
    from orders

    union all

    select
        refunds.refund_key as touch_key,
        orders.person_number,
        refunds.refunded_at as touched_at,
        'refund' as kind,
        orders.channel,
        orders.campaign_key,
        refunds.source_name
    from refunds
    inner join orders on refunds.order_key = orders.order_key

),

final as (

    select
        touch_key,
        person_number,
        touched_at,
        kind,
        cast(null as {{ dbt.type_string() }}) as department,
        'outcome' as role,
        coalesce(channel, 'unknown') as channel,
        false as is_public,
        coalesce(campaign_key, 'none') as campaign,
        cast(null as {{ dbt.type_string() }}) as ticket_key,
        source_name
    from happened

)

select * from final
