with effects as (

    select * from {{ ref('int_comparison_effects') }}

),

-- A card adds up the rows of one outcome.
final as (

    select
        period_start,
        event,
        outcome,
        {{ compared_persons() }},
        case dropped_count
            when 0 then 'nothing' when 1 then 'generation' else 'generation, money'
        end as dropped,
        {% for known in comparison_balance() %}
            {{ known }}_before,
            {{ known }}_after,
            coalesce(abs({{ known }}_after) > 0.1, false) as is_{{ known }}_unbalanced,
        {% endfor %}
        {% for card, outcome, also in [
            ('retention', 'ordered_within_90_days', ''),
            ('sales', 'ordered_within_7_days', " and event = 'service'"),
        ] %}
            case when outcome = '{{ outcome }}'{{ also }} then effect_count end
                as {{ card }}_effect_count,
            case when outcome = '{{ outcome }}'{{ also }} then matched_count end
                as {{ card }}_matched_count,
        {% endfor %}
        {% for name, outcome in [
            ('active', 'active_after_90_days'), ('spent', 'spent_within_90_days')
        ] %}
            {% for column in ['effect', 'ci_low', 'ci_high'] %}
                case
                    when outcome = 'ordered_within_90_days'
                        then
                            max({{ column }}) filter (where outcome = '{{ outcome }}')
                                over (partition by event, period_start)
                end as {{ name }}_{{ column }},
            {% endfor %}
        {% endfor %}
        is_comparable,
        had_value,
        others_value,
        effect,
        ci_low,
        ci_high
    from effects

)

select * from final
