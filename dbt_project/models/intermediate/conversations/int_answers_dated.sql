{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget('area', 'answer_key', changed_answers()) }}",
    indexes=[
        {'columns': ['answer_key'], 'unique': true},
        {'columns': ['customer_key']},
        {'columns': ['period_start']},
        {'columns': ['loaded_at']}
    ]
) }}

with ratings as (

    select * from {{ ref('int_satisfaction_ratings_unioned') }}
    {{ only_changed('rating_key', changed_ratings()) }}

),

tickets as (

    select * from {{ ref('int_tickets_unioned') }}

),

responses as (

    select * from {{ ref('int_survey_responses_unioned') }}
    {{ only_loaded() }}

),

-- A rating takes from its ticket what it doesn't say itself. Without any date it counts nowhere.
answers as (

    select
        'service' as area,
        'rating:' || ratings.rating_key as answer_key,
        coalesce(ratings.customer_key, tickets.customer_key) as customer_key,
        coalesce(ratings.rated_at, ratings.offered_at) as counted_at,
        greatest(ratings.loaded_at, coalesce(tickets.loaded_at, ratings.loaded_at)) as loaded_at
    from ratings
    left join tickets on ratings.ticket_key = tickets.ticket_key

    union all

    select
        'surveys' as area,
        'response:' || response_key as answer_key,
        customer_key,
        answered_at as counted_at,
        loaded_at
    from responses

),

final as (

    select
        area,
        answer_key,
        customer_key,
        {{ month_start(local_date('counted_at')) }} as period_start,
        loaded_at
    from answers
    where counted_at is not null

)

select * from final
