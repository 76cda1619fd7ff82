with sends as (

    select * from {{ ref('int_sends') }}

),

complaints as (

    select * from {{ ref('int_complaint_intervals') }}

),

persons as (

    select * from {{ ref('int_persons') }}

),

-- Joined on the person alone, so that no send is compared with other persons' complaints.
met as (

    select distinct sends.*
    from sends
    inner join complaints on sends.person_number = complaints.person_number
    where
        sends.sent_at > complaints.opened_at
        and sends.sent_at < complaints.open_until

),

final as (

    select
        met.touch_key,
        persons.person_id,
        persons.generation,
        met.sent_at,
        met.period_start,
        met.campaign,
        met.channel,
        met.brand,
        met.is_delivered
    from met
    inner join persons on met.person_number = persons.person_number

)

select * from final
