with experiences as (

    select
        *,
        {{ global_key('experience_id') }} as experience_key,
        {{ global_key('customer_id', of='customers') }} as customer_key
    from {{ ref('stg_experiences') }}

),

links as (

    select * from {{ ref('int_person_links') }}

),

final as (

    select
        experiences.experience_key,
        links.person_number,
        experiences.experienced_at,
        {{ month_start(local_date('experiences.experienced_at')) }} as period_start,
        experiences.measure,
        experiences.value,
        experiences.channel,
        experiences.brand,
        experiences.source_name
    from experiences
    left join links on experiences.customer_key = links.customer_key
    where links.is_excluded is null or not links.is_excluded

)

select * from final
