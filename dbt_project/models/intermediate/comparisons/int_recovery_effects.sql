-- All outcomes of a month are shown together, when the last of them is known.
with matches as (

    select * from {{ ref('int_comparison_matches') }}
    where event_kind = 'recovery' and {{ is_known_after(90) }}

),

shares as (

    {% for outcome, column in [
        ('satisfaction', 'answer_points'), ('repurchase', 'ordered_within_90_days')
    ] %}
        select
            *,
            had_{{ column }} - expected_{{ column }} as difference,
            {{ percent_of('had_' ~ column, 'matched_count') }} as had_share,
            {{ percent_of('expected_' ~ column, 'matched_count') }} as others_share
        from matches
        where event = '{{ outcome }}'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

bounded as (

    {{ with_shares_bounded('shares') }}

),

-- Promoters minus detractors is a mean of 1, 0 and -1.
nets as (

    select
        *,
        had_answer_points - expected_answer_points as difference,
        {{ percent_of('had_answer_points', 'matched_count') }} as had_share,
        {{ percent_of('expected_answer_points', 'matched_count') }} as others_share,
        100 * {{ mean_difference_margin('answer_points') }} as margin
    from matches
    where event = 'recommendation'

),

final as (

    {% for relation, low, high in [
        ('bounded', newcombe_low('had', 'others'), newcombe_high('had', 'others')),
        ('nets', 'had_share - others_share - margin', 'had_share - others_share + margin'),
    ] %}
        select
            period_start,
            event as outcome,
            {{ compared_persons() }},
            {{ comparison_left_out() }} as left_out,
            is_comparable,
            had_share,
            others_share,
            difference,
            cast({{ low }} as {{ dbt.type_numeric() }}) as ci_low,
            cast({{ high }} as {{ dbt.type_numeric() }}) as ci_high
        from {{ relation }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
