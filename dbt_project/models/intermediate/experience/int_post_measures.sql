-- By network alone: what one counts as shown, another doesn't.
with posts as (

    {{ by_segments(ref('brand_posts'), ['channel'], {
        'engagement_count': 'sum(engagement_count)',
        'impressions': 'sum(counted_impressions)',
        'counted_count': 'sum(counted_count)',
        'post_count': 'count(*)',
    }, has_total=false) }}

),

final as (

    {{ amount_ratio_rows(
        'engagement_rate', 'posts', 'engagement_count', 'impressions', 'impressions',
        left_out=left_out([(
            'post_count - counted_count', 'post_count', 'own posts without impressions'
        )])
    ) }}

)

select * from final
