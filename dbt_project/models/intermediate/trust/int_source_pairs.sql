with known as (

    select * from {{ ref('int_person_sources') }}

),

sources as (

    select
        source_name,
        count(*) as person_count
    from known
    group by source_name

),

shared as (

    select
        ones.source_name,
        others.source_name as other_name,
        count(*) as person_count
    from known as ones
    inner join known as others
        on ones.person_number = others.person_number and ones.source_name < others.source_name
    group by 1, 2

),

final as (

    select
        sources.source_name,
        others.source_name as other_name,
        coalesce(shared.person_count, 0) as shared_count,
        least(sources.person_count, others.person_count) as smaller_count
    from sources
    inner join sources as others on sources.source_name < others.source_name
    left join shared
        on sources.source_name = shared.source_name and others.source_name = shared.other_name

)

select * from final
