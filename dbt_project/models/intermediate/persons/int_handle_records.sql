with messages as (

    select * from {{ ref('int_messages_prepared') }}
    where
        is_by_customer
        and not is_on_ticket
        and customer_key is not null
        and channel is not null
        and author_handle is not null

),

company as (

    select * from {{ ref('int_company_handles') }}

),

final as (

    select distinct
        messages.customer_key,
        lower(messages.channel) || ':' || messages.author_handle as handle
    from messages
    left join company
        on
            messages.author_handle = company.author_handle
            and lower(messages.channel) = company.channel
    where company.author_handle is null

)

select * from final
