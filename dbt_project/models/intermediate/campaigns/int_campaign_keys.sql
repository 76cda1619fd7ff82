with owned as (

    select * from {{ ref('int_campaign_ids') }}

),

by_id as (

    select
        shared_id,
        min(own_key) as campaign_key,
        count(distinct own_key) as campaign_count
    from owned
    where is_listed
    group by shared_id

),

by_name as (

    select
        lower(trim(name)) as campaign_name,
        min({{ global_key('campaign_id', of='campaigns') }}) as campaign_key
    from {{ ref('stg_campaigns') }}
    group by 1
    having count(distinct {{ global_key('campaign_id', of='campaigns') }}) = 1

),

-- A campaign that nobody lists is the same wherever it is named.
final as (

    select
        owned.source_name,
        owned.campaign_id,
        case
            when owned.is_said or owned.is_listed then owned.own_key
            when by_id.campaign_count = 1 then by_id.campaign_key
            when by_name.campaign_key is not null then by_name.campaign_key
            when by_id.campaign_count > 1 then owned.own_key
            else min(case when not owned.is_said then owned.own_key end)
                over (partition by owned.shared_id)
        end as campaign_key
    from owned
    left join by_id on owned.shared_id = by_id.shared_id
    left join by_name on lower(trim(owned.campaign_id)) = by_name.campaign_name

)

select * from final
