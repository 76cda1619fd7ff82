with shares as (

    select * from {{ ref('int_credit_shares') }}

),

final as (

    select
        period_start,
        department,
        channel,
        campaign,
        brand,
        sum(credit) as credit,
        sum(shapley_credit) as shapley_credit,
        sum(sales_credit) as sales_credit
    from shares
    group by period_start, department, channel, campaign, brand

)

select * from final
