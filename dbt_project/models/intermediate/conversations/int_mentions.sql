with messages as (

    select * from {{ ref('int_messages') }}

),

final as (

    select * from messages
    where
        is_mention
        and {{ is_reported_month('period_start') }}

)

select * from final
