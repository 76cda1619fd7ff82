with trials as (

    select
        *,
        'campaign' as segment_name,
        campaign as segment_value
    from {{ ref('campaign_trials') }}

),

returns as (

    select * from trials
    where spend > 0

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

    union all

    {{ measure_rows('campaign_incremental_roi', 'returns', {
        'value': '100 * incremental_profit / spend',
        'numerator': 'incremental_profit',
        'denominator': 'spend',
        'n': 'treated_count + control_count',
        'ci_low': '100 * (incremental_profit - profit_margin_of_error) / spend',
        'ci_high': '100 * (incremental_profit + profit_margin_of_error) / spend',
        'left_out': "nullif(concat_ws('; ', left_out, margins_left_out), '')",
    }) }}

)

select * from final
