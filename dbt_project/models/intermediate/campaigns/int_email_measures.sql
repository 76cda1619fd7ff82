{%- set rates = {
    'email_open_rate': ('opened', 'openings', 'openings'),
    'email_click_rate': ('clicked', 'clicks', 'clicks'),
    'unsubscribe_rate': ('unsubscribed', 'unsubscriptions', 'unsubscriptions'),
} -%}

with counts as (

    {{ by_segments(ref('email_engagement'), ['brand', 'channel', 'generation', 'campaign'], {
        'delivered_count': 'sum(delivered_count)',
        'openings_known_count': 'sum(openings_known_count)',
        'opened_count': 'sum(opened_count)',
        'clicks_known_count': 'sum(clicks_known_count)',
        'clicked_count': 'sum(clicked_count)',
        'unsubscriptions_known_count': 'sum(unsubscriptions_known_count)',
        'unsubscribed_count': 'sum(unsubscribed_count)',
    }) }}

),

final as (

    {% for metric_id, (done, known, words) in rates.items() %}
        {%- set known_count = known ~ '_known_count' -%}
        {{ proportion_rows(
            metric_id, 'counts', done ~ '_count', known_count,
            left_out=left_out([(
                'delivered_count - ' ~ known_count, 'delivered_count',
                'persons whose source does not know ' ~ words
            )])
        ) }}

        {% if not loop.last %}union all{% endif %}

    {% endfor %}

)

select * from final
