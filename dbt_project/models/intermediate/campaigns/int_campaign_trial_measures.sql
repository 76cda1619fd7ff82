with trials as (

    select
        *,
        'campaign' as segment_name,
        campaign as segment_value
    from {{ ref('campaign_trials') }}

),

final as (

    {{ measure_rows('campaign_incremental_rate', 'trials', {
        'value': 'difference',
        'numerator': 'incremental_count',
        'denominator': 'treated_count',
        'n': 'treated_count + control_count',
        'ci_low': 'ci_low',
        'ci_high': 'ci_high',
        'left_out': 'left_out',
    }) }}

)

select * from final
