{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['source_name', 'conversation_kind'],
    indexes=[{'columns': ['source_name', 'conversation_kind'], 'unique': true}]
) }}

-- A source without a single answer says nothing of whether customers were answered: an export
-- of mentions alone is no proof of silence. The same holds for solves.
with facts as (

    select
        source_name,
        case when ticket_key is null then 'social' else 'ticket' end as conversation_kind,
        direction = 'outbound'
        and not is_internal
        and coalesce(author_kind, 'agent') <> 'bot' as is_answer,
        false as is_solve
    from {{ ref('int_messages_prepared') }}

    union all

    select
        source_name,
        conversation_kind,
        false as is_answer,
        solved_at is not null as is_solve
    from {{ ref('int_conversations_answered') }}

),

final as (

    select
        source_name,
        conversation_kind,
        max(case when is_answer then 1 else 0 end) = 1 as has_answers,
        max(case when is_solve then 1 else 0 end) = 1 as has_solves,
        {{ build_since() }} as build_since
    from facts
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
