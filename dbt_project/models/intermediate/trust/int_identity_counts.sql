with evidence as (

    select * from {{ ref('int_identity_evidence') }}

),

totals as (

    select
        key_kind,
        count(*) as identifier_count
    from {{ ref('int_identity_keys') }}
    group by key_kind

),

final as (

    select
        evidence.key_kind,
        evidence.refusal,
        count(*) as record_count,
        count(distinct evidence.person_id) as person_count,
        max(totals.identifier_count) as identifier_count
    from evidence
    inner join totals on evidence.key_kind = totals.key_kind
    group by evidence.key_kind, evidence.refusal

)

select * from final
