{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ clear_months(ref('months_to_measure')) }}",
        indexes=[{"columns": ["period_start", "segment_name", "segment_value"], "unique": true}],
        schema="intermediate"
    )
}}

with persons as (
    select * from {{ ref("retention_by_person") }}
    where {{ of_months(ref("months_to_measure")) }}
),

final as (
    {{ by_segments("persons", ["brand", "channel", "generation"], {
        "active_count": "count(*) filter (where is_active_at_end)",
        "advocate_count": "count(*) filter (where is_advocate)",
        "active_at_start_count":
            "count(*) filter (where is_active_at_start and is_history_complete)",
        "advocating_retained_count":
            "count(*) filter (where is_advocating_retained and is_history_complete)",
    }) }}
)

select * from final
