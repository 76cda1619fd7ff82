{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        pre_hook="{{ forget_measured_persons() }}",
        indexes=[{"columns": ["period_start", "person_id"], "unique": true}]
    )
}}

with person_months as (
    select * from {{ ref("person_months") }}
    {{ only_measured_anew() }}
),

purchases as (
    select * from {{ ref("purchases_by_person") }}
),

advocates as (
    select distinct
        person_id,
        period_start
    from {{ ref("advocacies") }}
),

judged as (
    select
        *,
        coalesce(order_date_before_start >= window_start_at_start, false) as is_active_at_start,
        order_date_before_end >= window_start_at_end as is_active_at_end,
        coalesce(order_date_before_start < window_start_at_start, false) as is_lapsed_at_start,
        first_order_date <= window_start_at_end as is_observed_full_window,
        coalesce(second_last_order_date >= window_start_at_end, false) as has_two_in_window,
        history_start_date <= window_start_at_start as is_history_complete
    from person_months
),

-- An unknown amount is no revenue of 0: whoever has one in either month is compared with nobody.
compared as (
    select
        judged.person_id,
        judged.period_start,
        judged.revenue,
        year_ago.revenue as revenue_prior_year
    from judged
    inner join purchases as year_ago
        on
            judged.person_id = year_ago.person_id
            and judged.year_ago_start = year_ago.period_start
    where judged.revenue is not null and year_ago.revenue is not null
),

final as (
    select
        judged.person_id,
        judged.period_start,
        judged.generation,
        judged.channel,
        judged.brand,
        judged.is_history_complete,
        judged.is_active_at_start,
        judged.is_active_at_end,
        judged.is_active_at_start and judged.is_active_at_end as is_retained,
        judged.is_lapsed_at_start,
        judged.is_lapsed_at_start and judged.has_ordered as is_reactivated,
        judged.order_date_before_start is null as is_new,
        judged.is_observed_full_window,
        judged.is_observed_full_window and judged.is_active_at_end as has_order_in_window,
        judged.is_observed_full_window and judged.has_two_in_window as has_repeat_in_window,
        judged.revenue,
        cast(coalesce(compared.revenue_prior_year, 0) as {{ dbt.type_numeric() }})
            as revenue_prior_year,
        cast(coalesce(compared.revenue, 0) as {{ dbt.type_numeric() }}) as revenue_retained,
        compared.person_id is not null as is_prior_year_buyer,
        judged.is_active_at_end and advocates.person_id is not null as is_advocate,
        judged.is_active_at_start
        and judged.is_active_at_end
        and advocates.person_id is not null as is_advocating_retained
    from judged
    left join compared
        on
            judged.person_id = compared.person_id
            and judged.period_start = compared.period_start
    left join advocates
        on
            judged.person_id = advocates.person_id
            and judged.period_start = advocates.period_start
)

select * from final
