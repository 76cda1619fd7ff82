-- A sale can be shared where both departments' touches are known for the whole window before it:
-- else one would get what it can't share, and touches that nobody recorded would be nobody's.
with first_touches as (

    select
        department,
        min(happened_at) as touched_at
    from {{ ref('int_credit_steps') }}
    where department is not null
    group by department

),

covered as (

    select
        count(*) as department_count,
        {{ add_days(local_date('max(touched_at)'), var('credit_window_days')) }} as covered_since
    from first_touches

),

months as (

    select * from {{ ref('int_months') }}

),

final as (

    select months.period_start
    from months
    cross join covered
    where
        covered.department_count = 2
        and months.period_start >= covered.covered_since

)

select * from final
