{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('campaign_months_to_measure')) }}",
        indexes=[{"columns": ["touch_key"], "unique": true}, {"columns": ["period_start"]}]
    )
}}

with sends as (
    select * from {{ ref("int_sends") }}
    where {{ of_months(ref("campaign_months_to_measure")) }}
),

persons as (
    select * from {{ ref("int_persons") }}
),

-- Before the first known conversation nobody can have a complaint: the rate would be 0 by itself.
complaints_known as (
    select min(period_start) as first_period from {{ ref("conversations") }}
),

-- Joined on the person alone, so that no send is compared with other persons' complaints.
into_complaint as (
    select distinct sends.touch_key
    from sends
    inner join {{ ref("complaint_spans") }} as complaints
        on sends.person_id = complaints.person_id
    where
        complaints.opened_at < sends.sent_at
        and complaints.open_until > sends.sent_at
),

judged as (
    select
        sends.*,
        into_complaint.touch_key is not null as has_open_complaint,
        sends.person_id is not null
        and coalesce(sends.period_start >= complaints_known.first_period, false) as is_judged
    from sends
    left join into_complaint on sends.touch_key = into_complaint.touch_key
    cross join complaints_known
),

final as (
    select
        judged.touch_key,
        judged.person_id,
        judged.sent_at,
        judged.period_start,
        coalesce(judged.campaign_key, 'unknown') as campaign,
        coalesce(judged.channel, 'unknown') as channel,
        coalesce(judged.brand, 'unknown') as brand,
        coalesce(persons.generation, 'unknown') as generation,
        judged.is_delivered,
        judged.has_open_complaint,
        case when judged.is_judged then 1 else 0 end as judged_send_count,
        case when judged.is_judged and judged.has_open_complaint then 1 else 0 end
            as open_complaint_send_count
    from judged
    left join persons
        on judged.person_id = persons.person_id
)

select * from final
