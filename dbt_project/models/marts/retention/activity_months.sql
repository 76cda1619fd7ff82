with months as (

    select * from {{ ref('int_activity_months') }}

),

final as (

    select * from months

)

select * from final
