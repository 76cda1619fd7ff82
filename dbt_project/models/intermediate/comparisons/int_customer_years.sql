with changes as (

    {% for days in (0, 365) %}
        select
            person_number,
            {{ days_after('ordered_at', days) }} as changed_at,
            {{ 'null' if days else 'ordered_at' }} as ordered_at,
            {{ -1 if days else 1 }} as orders,
            {{ '-' if days }}ordered_amount as amount,
            0 as contacts
        from {{ ref('int_orders') }}
        where not is_return and person_number is not null

        union all

        select
            person_number,
            {{ days_after('opened_at', days) }} as changed_at,
            null as ordered_at,
            0 as orders,
            0 as amount,
            {{ -1 if days else 1 }} as contacts
        from {{ ref('int_conversations') }}
        where person_number is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- What happens leaves the year 365 days later. Before the first order there is no customer.
intervals as (

    select
        person_number,
        changed_at,
        lead(changed_at, 1, timestamp '9999-12-31') over person as next_changed_at,
        max(ordered_at) over person as last_ordered_at,
        cast(sum(orders) over person as {{ dbt.type_int() }}) as order_count,
        coalesce(sum(amount) over person, 0) as spend,
        cast(sum(contacts) over person as {{ dbt.type_int() }}) as contact_count
    from changes
    window person as (partition by person_number order by changed_at rows unbounded preceding)

),

final as (

    select * from intervals
    where last_ordered_at is not null

)

select * from final
