with final as (

    select * from {{ ref('int_tickets_known') }}
    where not is_excluded

)

select * from final
