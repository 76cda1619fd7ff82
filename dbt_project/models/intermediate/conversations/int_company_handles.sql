{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_company_handles() }}",
    indexes=[{'columns': ['channel', 'author_handle'], 'unique': true}]
) }}

-- Kept, so that a build of changes can tell which handles are new: what was written under them
-- before is no mention either.
with used as (

    select * from {{ ref('int_company_handles_used') }}

),

final as (

    select
        *,
        {{ build_since() }} as build_since
    from used

)

select * from final
{% if is_incremental() %}
    where not exists (
        select 1 from {{ this }} as stored
        where final.channel = stored.channel and final.author_handle = stored.author_handle
    )
{% endif %}
