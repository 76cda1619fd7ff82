with activity as (

    select * from {{ ref('int_activity_counts') }}

),

revenue as (

    select * from {{ ref('int_revenue_year_on_year') }}

),

counted as (

    select *
    from activity
    left join revenue using (period_start, brand, channel, generation)

),

person_counts as (

    {{ by_segments('counted', ['brand', 'channel', 'generation'], {
        'new_count': 'sum(new_count)',
        'prior_year_buyers': 'coalesce(sum(prior_year_buyer_count), 0)',
        'revenue_retained': 'coalesce(sum(revenue_retained), 0)',
        'revenue_prior_year': 'coalesce(sum(revenue_prior_year), 0)',
    }) }}

),

known_counts as (

    {{ by_segments('activity', ['brand', 'channel', 'generation'], {
        'active_count': 'sum(active_at_start_count)',
        'retained_count': 'sum(retained_count)',
        'lapsed_count': 'sum(lapsed_at_start_count)',
        'reactivated_count': 'sum(reactivated_count)',
    }, where='is_history_complete') }}

),

final as (

    {{ proportion_rows('retention_rate', 'known_counts', 'retained_count', 'active_count') }}

    union all

    {{ proportion_rows('reactivation_rate', 'known_counts', 'reactivated_count', 'lapsed_count') }}

    union all

    {{ count_rows('new_customers', 'person_counts', 'new_count') }}

    union all

    {{ amount_ratio_rows(
        'net_revenue_retention', 'person_counts',
        'revenue_retained', 'revenue_prior_year', 'prior_year_buyers'
    ) }}

)

select * from final
