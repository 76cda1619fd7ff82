with conversations as (

    select * from {{ ref('int_conversations') }}
    where person_number is not null

),

final as (

    select
        person_number,
        opened_at,
        lead(opened_at, 1, timestamp '9999-12-31') over person as next_opened_at,
        row_number() over person as contact_count
    from conversations
    window person as (partition by person_number order by opened_at, conversation_number)

)

select * from final
