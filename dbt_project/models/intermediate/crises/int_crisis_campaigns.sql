-- Words of less than five letters are those of any text; hashtags write several together.
with crises as (

    select
        *,
        {{ local_date('began_at') }} as began_on
    from {{ ref('int_crises') }}

),

campaigns as (

    select * from {{ ref('int_campaigns') }}

),

candidates as (

    select
        crises.brand,
        crises.began_at,
        campaigns.campaign_key,
        campaigns.name as campaign_name,
        campaigns.starts_on
    from crises
    inner join campaigns
        on
            crises.brand = coalesce(campaigns.brand, 'unknown')
            and crises.began_on >= campaigns.starts_on
            and (
                campaigns.ends_on is null
                or crises.began_on <= {{ add_days('campaigns.ends_on', 7) }}
            )

),

words as (

    select
        *,
        regexp_split_to_table(lower(campaign_name), '[\s[:punct:][:digit:]]+') as word
    from candidates

),

counted as (

    select
        words.brand,
        words.began_at,
        words.campaign_key,
        words.campaign_name,
        words.starts_on,
        count(distinct mentions.message_key) as campaign_mention_count
    from words
    inner join {{ ref('int_crisis_mentions') }} as mentions
        on
            words.brand = mentions.brand
            and words.began_at = mentions.began_at
            and strpos(lower(mentions.text), words.word) > 0
    where length(words.word) >= 5 and strpos(lower(words.brand), words.word) = 0
    group by 1, 2, 3, 4, 5

),

final as (

    select
        *,
        row_number() over (
            partition by brand, began_at
            order by campaign_mention_count desc, starts_on desc, campaign_key asc
        ) as position
    from counted

)

select * from final
