{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['source_name', 'conversation_kind'],
    indexes=[{'columns': ['source_name', 'conversation_kind'], 'unique': true}]
) }}

-- A source without a single answer says nothing of whether customers were answered: an export
-- of mentions, or of the brand's own posts, is no proof of silence. The same holds for solves.
with conversations as (

    select * from {{ ref('int_conversations_answered') }}

),

final as (

    select
        source_name,
        conversation_kind,
        count(first_reply_at) > 0 as has_answers,
        count(solved_at) > 0 as has_solves,
        {{ build_since() }} as build_since
    from conversations
    group by source_name, conversation_kind

)

select * from final
{% if is_incremental() %}
    where not exists (
        select 1 from {{ this }} as stored
        where
            final.source_name = stored.source_name
            and final.conversation_kind = stored.conversation_kind
            and final.has_answers = stored.has_answers
            and final.has_solves = stored.has_solves
    )
{% endif %}
