{%- set scopes = {'': ['channel', 'generation'], '_by_brand': ['brand']} -%}
{%- set metrics = {
    'word_of_mouth_reach': ('net_reach', 'judged', 'positive and negative mentions'),
    'negative_reach': ('negative_reach', 'negative', 'negative mentions'),
} -%}

with reach as (

    {% for suffix, segments in scopes.items() %}
        {{ by_segments(ref('mentions'), segments, {
            'net_reach': 'sum(net_reach' ~ suffix ~ ')',
            'negative_reach': 'sum(negative_reach' ~ suffix ~ ')',
            'known_count': 'count(audience)',
            'judged_count': 'sum(positive_count + negative_count)',
            'judged_known_count': 'count(audience) filter (where sentiment_balance <> 0)',
            'negative_count': 'sum(negative_count)',
            'negative_known_count': 'count(audience) filter (where negative_count = 1)',
        }, 'scored_count = 1', has_total=not suffix) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- An audience that no source tells is not 0: where none is known, there is no figure.
final as (

    {% for metric_id, (reach, kind, words) in metrics.items() %}
        {%- set count, known = kind ~ '_count', kind ~ '_known_count' -%}
        {%- set is_known = known ~ ' > 0 or ' ~ count ~ ' = 0 and known_count > 0' -%}
        {{ measure_rows(metric_id, 'reach', {
            'value': reach,
            'numerator': reach,
            'denominator': 'null',
            'n': known,
            'ci_low': 'null',
            'ci_high': 'null',
            'left_out': left_out([(
                count ~ ' - ' ~ known, count, words ~ ' with an unknown audience'
            )]),
        }, is_known) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
