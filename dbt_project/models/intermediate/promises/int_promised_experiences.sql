-- Until a wait ends nobody knows its value. What is measured at once has it. Beyond its scale a
-- rating is none.
with final as (

    select
        *,
        {{ minutes_between('measured_from', 'ended_at') }} as value
    from {{ ref('int_promised_waits') }}

    union all

    {% for model, measure, key, at, value, is_known in [
        (
            'int_satisfaction_ratings',
            "'rating of ' || cast(scale_max as " ~ dbt.type_string() ~ ')',
            'rating_key', 'rated_at', 'score', 'is_satisfied is not null',
        ),
        (
            'int_experiences', "'experience ' || measure", 'experience_key', 'experienced_at',
            'value', 'true',
        ),
    ] %}
        select
            {{ measure }} as measure,
            {{ key }} as experience_key,
            person_number,
            channel,
            brand,
            {{ at }} as began_at,
            cast(null as timestamp with time zone) as measured_from,
            {{ at }} as ended_at,
            {{ value }} as value
        from {{ ref(model) }}
        where {{ is_known }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
