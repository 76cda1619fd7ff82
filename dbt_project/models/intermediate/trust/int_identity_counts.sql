with keys as (

    select * from {{ ref('int_identity_keys') }}

),

shared as (

    select * from {{ ref('int_identity_groups') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

judged as (

    select
        keys.key_kind,
        keys.record_number,
        case
            when not shared.is_accepted then 'is shared by too many'
            else keys.refusal
        end as refusal
    from keys
    left join shared on keys.key_hash = shared.key_hash
    where keys.refusal is not null or shared.key_hash is not null

),

totals as (

    select
        key_kind,
        count(*) as identifier_count
    from keys
    group by key_kind

),

final as (

    select
        judged.key_kind,
        judged.refusal,
        count(*) as record_count,
        count(distinct links.person_number) as person_count,
        max(totals.identifier_count) as identifier_count
    from judged
    inner join links on judged.record_number = links.record_number
    inner join totals on judged.key_kind = totals.key_kind
    group by judged.key_kind, judged.refusal

)

select * from final
