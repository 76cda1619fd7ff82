with kept as (

    {{ by_segments(ref('promise_experiences'), ['promise', 'brand', 'channel'], {
        'kept_count': 'sum(kept_count)',
        'decided_count': 'sum(decided_count)',
    }, 'decided_count > 0') }}

),

gaps as (

    {{ by_segments(ref('promise_experiences'), ['promise'], {
        'gap': 'sum(gap)',
        'ended_count': 'sum(ended_count)',
    }, 'ended_count > 0', has_total=false) }}

),

final as (

    {{ proportion_rows('promise_kept_rate', 'kept', 'kept_count', 'decided_count') }}

    union all

    {{ amount_per_person_rows('promise_gap', 'gaps', 'gap', 'ended_count') }}

)

select * from final
