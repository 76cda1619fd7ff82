with steps as (

    select * from {{ ref('int_credit_steps') }}
    where {{ is_reported_month('period_start') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

transitions as (

    select
        period_start,
        person_number,
        coalesce(previous_state, 'start') as from_state,
        state as to_state
    from steps

    union all

    select
        period_start,
        person_number,
        state as from_state,
        case when sale_at is null then 'nothing' else 'sale' end as to_state
    from steps
    where is_last

),

final as (

    select
        transitions.period_start,
        {{ group_of('persons.person_id', var('credit_groups')) }} as person_group,
        transitions.from_state,
        transitions.to_state,
        count(*) as transition_count
    from transitions
    inner join persons on transitions.person_number = persons.person_number
    group by 1, 2, 3, 4

)

select * from final
