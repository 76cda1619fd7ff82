with messages as (

    {{ union_staging('messages') }}

),

final as (

    select distinct
        {{ dbt.hash('text') }} as text_hash,
        text
    from messages
    where
        direction = 'inbound'
        and trim(text) <> ''
        and not coalesce(is_spam, false)

)

select * from final
