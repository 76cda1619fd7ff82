with messages as (

    select * from {{ ref('int_messages') }}

),

final as (

    select * from messages
    where
        is_mention
        and period_start <= (select max(period_start) from {{ ref('int_months') }})

)

select * from final
