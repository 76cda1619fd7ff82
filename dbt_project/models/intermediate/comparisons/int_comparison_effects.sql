{%- set known = comparison_facts() -%}

with matches as (

    select * from {{ ref('int_comparison_matches') }}
    where event_kind in ('event', 'touch')

),

shares as (

    {% for outcome, days in comparison_outcomes().items() %}
        select
            matches.*,
            cast('{{ outcome }}' as {{ dbt.type_string() }}) as outcome,
            had_{{ outcome }} as outcome_count,
            expected_{{ outcome }} as expected_count,
            {{ percent_of('had_' ~ outcome, 'matched_count') }} as had_share,
            {{ percent_of('expected_' ~ outcome, 'matched_count') }} as others_share
        from matches
        where {{ is_known_after(days) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

bounded as (

    {{ with_shares_bounded('shares') }}

),

money as (

    select
        *,
        cast('spent_within_90_days' as {{ dbt.type_string() }}) as outcome,
        had_spent_within_90_days as outcome_count,
        expected_spent_within_90_days as expected_count,
        {{ mean_of('had_spent_within_90_days', 'matched_count') }} as had_value,
        {{ mean_of('expected_spent_within_90_days', 'matched_count') }} as others_value,
        {{ mean_difference_margin('spent_within_90_days') }} as margin
    from matches
    where {{ is_known_after(comparison_means()['spent_within_90_days']) }}

),

final as (

    select
        {{ known | join(', ') }},
        had_share as had_value,
        others_share as others_value,
        case when is_comparable then had_share - others_share end as effect,
        case when is_comparable then {{ newcombe_low('had', 'others') }} end as ci_low,
        case when is_comparable then {{ newcombe_high('had', 'others') }} end as ci_high,
        case when is_comparable then outcome_count - expected_count end as effect_count,
        {{ comparison_left_out() }} as left_out
    from bounded

    union all

    select
        {{ known | join(', ') }},
        had_value,
        others_value,
        case when is_comparable then had_value - others_value end as effect,
        cast(had_value - others_value - margin as {{ dbt.type_numeric() }}) as ci_low,
        cast(had_value - others_value + margin as {{ dbt.type_numeric() }}) as ci_high,
        case when is_comparable then outcome_count - expected_count end as effect_count,
        {{ comparison_left_out() }} as left_out
    from money

)

select * from final
