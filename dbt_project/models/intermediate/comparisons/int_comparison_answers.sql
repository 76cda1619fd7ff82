-- An answer is the instant that its person is compared as of.
with final as (

    select
        subjects.comparison_number,
        subjects.person_number,
        answers.points
    from {{ ref('int_comparison_subjects') }} as subjects
    inner join {{ ref('int_comparisons') }} as comparisons
        on subjects.comparison_number = comparisons.comparison_number
    inner join {{ ref('int_recovery_events') }} as answers
        on
            comparisons.event_kind = 'recovery'
            and answers.points is not null
            and subjects.person_number = answers.person_number
            and subjects.happened_at = answers.happened_at
            and case when subjects.had_it then comparisons.event else comparisons.peer_event end
            = answers.event

)

select * from final
