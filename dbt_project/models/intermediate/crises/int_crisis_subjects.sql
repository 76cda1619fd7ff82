-- Words of less than five letters are those of any text; hashtags write several together.
with words as (

    select distinct
        brand,
        began_at,
        subject_kind,
        subject_key,
        subject_name,
        first_day,
        regexp_split_to_table(lower(words), '[\s[:punct:][:digit:]]+') as word
    from {{ ref('int_crisis_candidates') }}

),

counted as (

    select
        words.brand,
        words.began_at,
        words.subject_kind,
        words.subject_key,
        words.subject_name,
        words.first_day,
        count(distinct mentions.message_key) as subject_mention_count
    from words
    inner join {{ ref('int_crisis_mentions') }} as mentions
        on
            words.brand = mentions.brand
            and words.began_at = mentions.began_at
            and strpos(lower(mentions.text), words.word) > 0
    where length(words.word) >= 5 and strpos(lower(words.brand), words.word) = 0
    group by 1, 2, 3, 4, 5, 6

),

final as (

    select
        *,
        row_number() over (
            partition by brand, began_at, subject_kind
            order by subject_mention_count desc, first_day desc, subject_key asc
        ) as position
    from counted

)

select * from final
