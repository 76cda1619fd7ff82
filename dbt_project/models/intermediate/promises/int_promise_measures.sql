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

contacts as (

    select
        *,
        'promise' as segment_name,
        promise as segment_value
    from {{ ref('promise_contacts') }}

),

final as (

    {{ proportion_rows('promise_kept_rate', 'kept', 'kept_count', 'decided_count') }}

    union all

    {{ amount_per_person_rows('promise_gap', 'gaps', 'gap', 'ended_count') }}

    union all

    {{ measure_rows('promise_contact_lift', 'contacts', {
        'value': 'lift',
        'numerator': 'contact_count',
        'denominator': 'expected_contact_count',
        'n': 'matched_count',
        'ci_low': 'ci_low',
        'ci_high': 'ci_high',
        'left_out': 'left_out',
    }) }}

)

select * from final
