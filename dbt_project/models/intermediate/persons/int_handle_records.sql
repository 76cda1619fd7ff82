{{ config(materialized='table') }}

with messages as (

    select * from {{ ref('int_messages_prepared') }}

),

company as (

    select * from {{ ref('int_company_handles') }}

),

final as (

    select distinct
        messages.customer_key,
        lower(messages.channel) || ':' || messages.author_handle as handle_value
    from messages
    left join company
        on
            messages.author_handle = company.author_handle
            and lower(messages.channel) = company.channel
    where
        messages.is_by_customer
        and messages.ticket_key is null
        and messages.customer_key is not null
        and messages.channel is not null
        and messages.author_handle is not null
        and company.author_handle is null

)

select * from final
