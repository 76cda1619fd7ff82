-- A source without a single answer says nothing of whether customers were answered: an export
-- of mentions, or of the brand's own posts, is no proof of silence. The same holds for solves and
-- reopenings.
with conversations as (

    select * from {{ ref('int_conversations_answered') }}

),

final as (

    select
        source_name,
        conversation_kind,
        count(first_reply_at) > 0 as has_answers,
        count(solved_at) > 0 as has_solves,
        coalesce(max(reopenings), 0) > 0 as has_reopenings
    from conversations
    group by source_name, conversation_kind

)

select * from final
