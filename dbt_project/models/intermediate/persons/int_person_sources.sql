with named as (

    select * from {{ ref('int_named_records') }}

),

links as (

    select * from {{ ref('int_person_links') }}
    where not is_excluded

),

final as (

    select distinct
        links.person_number,
        named.source_name
    from named
    inner join links on named.customer_key = links.customer_key

)

select * from final
