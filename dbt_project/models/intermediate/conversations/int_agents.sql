-- Of an agent whom several sources list, any team is better than none.
select
    {{ global_key('agent_id', of='agents') }} as agent_key,
    max(team) as team
from {{ ref('stg_agents') }}
group by 1
