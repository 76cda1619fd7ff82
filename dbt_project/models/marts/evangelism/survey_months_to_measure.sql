{{ config(materialized="view", schema="intermediate") }}

with quarters as (
    select distinct
        cast({{ dbt.date_trunc("quarter", "period_start") }} as date) as quarter_start
    from {{ ref("int_months_to_refresh") }}
    where area = 'surveys'
),

-- A later answer moves a person's one answer of the quarter to another month of it.
final as (
    {% for month in range(3) %}
        select
            quarter_start,
            cast({{ dbt.dateadd("month", month, "quarter_start") }} as date) as period_start
        from quarters
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final
