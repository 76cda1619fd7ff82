{%- set named_by = [
    'stg_campaigns', 'stg_campaign_costs', 'stg_campaign_touches', 'stg_orders', 'stg_tickets',
    'stg_messages',
] -%}

with named as (

    {% for model in named_by %}
        select
            source_name,
            campaign_id,
            {{ 1 if model == 'stg_campaigns' else 0 }} as is_listed
        from {{ ref(model) }}
        where campaign_id is not null
        group by source_name, campaign_id

        {% if not loop.last %}union all{% endif %}

    {% endfor %}

),

owned as (

    select
        source_name,
        campaign_id,
        {{ global_key('campaign_id', of='campaigns') }} as own_key,
        max(is_listed) = 1 as is_listed,
        {{ is_key_space_said('source_name', of='campaigns') }} as is_said
    from named
    group by source_name, campaign_id

),

by_id as (

    select
        campaign_id,
        min(own_key) as campaign_key,
        count(distinct own_key) as campaign_count
    from owned
    where is_listed
    group by campaign_id

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
                over (partition by owned.campaign_id)
        end as campaign_key
    from owned
    left join by_id on owned.campaign_id = by_id.campaign_id
    left join by_name on lower(trim(owned.campaign_id)) = by_name.campaign_name

)

select * from final
