{{ config(materialized="view", schema="intermediate") }}

with conversations as (
    select * from {{ ref("conversations") }}
    where period_start in (select period_start from {{ ref("experience_months_to_measure") }})
),

waits as (
    {{ waits_of_conversations("conversations") }}
),

final as (
    {{ waits_by_segment("waits", ["brand", "channel", "generation", "campaign"]) }}
)

select * from final
