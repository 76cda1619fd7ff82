with conversations as (

    select * from {{ ref('conversations') }}

),

waits as (

    {{ waits_of_conversations('conversations') }}

),

final as (

    {{ waits_by_segment('waits', conversation_segment_names()) }}

)

select * from final
