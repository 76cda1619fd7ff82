with definitions as (

    select * from {{ ref('metric_catalogue') }}

),

-- A metric by segment alone, such as by event, is measured unless its total is still to come.
measured as (

    select distinct cards.metric_id
    from {{ ref('scorecard') }} as cards
    inner join definitions on cards.metric_id = definitions.metric_id
    where cards.segment_name = 'company' or definitions.rows_mart <> 'cohort_retention'

),

presence as (

    select * from {{ ref('int_entity_presence') }}

),

needed as (

    select
        definitions.metric_id,
        replace(presence.entity, '_', ' ') as entity,
        presence.is_there,
        presence.has_persons
    from definitions
    inner join presence
        on ',' || definitions.needs || ',' like '%,' || presence.entity || ',%'

),

summed as (

    select
        metric_id,
        string_agg(entity, ', ' order by entity) as entities,
        string_agg(case when not is_there then entity end, ', ' order by entity) as missing,
        string_agg(
            case when is_there and not has_persons then entity end, ', ' order by entity
        ) as unmatched
    from needed
    group by metric_id

),

final as (

    select
        definitions.metric_id,
        cast(
            case
                when summed.missing is not null then 'no data: needs ' || summed.missing
                when summed.unmatched is not null and {{ counts_persons('definitions') }}
                    then summed.unmatched || ' without persons'
                when definitions.rows_mart = 'cohort_retention'
                    then
                        'horizon not reached: needs ' || summed.entities
                        || ' ' || definitions.needs_detail
                when {{ counts_persons('definitions') }} and definitions.needs_detail is not null
                    then
                        'history too short: needs ' || summed.entities
                        || ' ' || definitions.needs_detail
                when definitions.needs_detail is not null
                    then 'incomplete: needs ' || summed.entities || ' ' || definitions.needs_detail
                else 'none of the ' || summed.entities || ' counts'
            end as {{ dbt.type_string() }}
        ) as reason,
        cast(summed.missing as {{ dbt.type_string() }}) as missing
    from definitions
    left join summed on definitions.metric_id = summed.metric_id
    left join measured on definitions.metric_id = measured.metric_id
    where measured.metric_id is null

)

select * from final
