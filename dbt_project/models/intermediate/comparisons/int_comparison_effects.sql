with matches as (

    select * from {{ ref('int_comparison_matches') }}

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
        where {{ is_known_after(days) }} and matches.event_kind <> 'exposure'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- The others weigh as those do who had it, and are worth fewer than they are: 1 / sum(w^2 / n0).
bounded as (

    select
        {% for side, n in [('had', 'matched_count'), ('others', 'likes_count')] %}
            {{ wilson_low(side ~ '_share / 100.0 * ' ~ n, n) }} as {{ side }}_low,
            {{ wilson_high(side ~ '_share / 100.0 * ' ~ n, n) }} as {{ side }}_high,
        {% endfor %}
        shares.*
    from shares

),

final as (

    select
        *,
        case when is_comparable then had_share - others_share end as effect,
        case when is_comparable then {{ newcombe_low('had', 'others') }} end as ci_low,
        case when is_comparable then {{ newcombe_high('had', 'others') }} end as ci_high,
        case when is_comparable then outcome_count - expected_count end as effect_count
    from bounded

)

select * from final
