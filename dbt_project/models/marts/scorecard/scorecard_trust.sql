with counts as (

    select * from {{ ref('int_record_counts') }}

),

figures as (

    select
        figure,
        subject,
        numerator,
        denominator,
        measured_at
    from {{ ref('int_person_figures') }}

    union all

    select
        'texts_scored' as figure,
        'all' as subject,
        sum(scored_count) as numerator,
        count(*) as denominator,
        max(sent_at) as measured_at
    from {{ ref('mentions') }}

    union all

    select
        'quarantine' as figure,
        source_name as subject,
        quarantined_count as numerator,
        received_count as denominator,
        loaded_at as measured_at
    from {{ ref('int_latest_loads') }}

    union all

    select
        'without_' || gap as figure,
        entity as subject,
        sum(lacking_count) as numerator,
        sum(record_count) as denominator,
        null as measured_at
    from {{ ref('int_record_gaps') }}
    group by gap, entity

    union all

    select
        'freshness' as figure,
        source_name as subject,
        null as numerator,
        null as denominator,
        max(newest_at) as measured_at
    from counts
    group by source_name

),

final as (

    select
        cast(figure as {{ dbt.type_string() }}) as figure,
        cast(subject as {{ dbt.type_string() }}) as subject,
        {{ percent_of('numerator', 'denominator') }} as value,
        cast(numerator as {{ dbt.type_numeric() }}) as numerator,
        cast(denominator as {{ dbt.type_numeric() }}) as denominator,
        measured_at
    from figures
    where figure = 'freshness' or denominator > 0

)

select * from final
