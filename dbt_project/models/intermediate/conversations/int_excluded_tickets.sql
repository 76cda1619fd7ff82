with staged as (

    {{ union_staging('tickets') }}

),

final as (

    select {{ global_key('ticket_id') }} as ticket_key
    from staged
    where status in ('spam', 'test', 'merged')

)

select * from final
