{%- set named_by = [
    'stg_campaigns', 'stg_campaign_costs', 'stg_ad_days', 'stg_campaign_touches', 'stg_orders',
    'stg_tickets', 'stg_messages',
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
        lower(trim(campaign_id)) as spelling,
        {{ global_key('campaign_id', of='campaigns') }} as own_key,
        max(is_listed) = 1 as is_listed,
        {{ is_key_space_said('source_name', of='campaigns') }} as is_said
    from named
    group by source_name, campaign_id

),

counted as (

    select
        *,
        count(*) over (partition by source_name, spelling) as spellings
    from owned

),

-- Two spellings in one source are two ids, as those of short links are.
final as (

    select
        source_name,
        campaign_id,
        own_key,
        is_listed,
        is_said,
        case
            when max(spellings) over (partition by spelling) = 1 then spelling
            else campaign_id
        end as shared_id
    from counted

)

select * from final
