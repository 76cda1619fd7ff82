with acts as (

    select * from {{ ref('int_advocacies') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

final as (

    select
        acts.act_key,
        acts.act_kind,
        persons.person_id,
        acts.period_start,
        acts.acted_at,
        acts.channel,
        acts.brand
    from acts
    inner join persons on acts.person_number = persons.person_number

)

select * from final
