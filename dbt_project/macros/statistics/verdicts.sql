{# The two statuses of a card. They are separate on purpose: a metric can miss its target without
   any change, and change without missing it. #}

{% macro signal_verdict() %}
    case
        when not is_judged then 'too_little_data'
        when signal_side is null or direction = 'none' then 'no_signal'
        when (signal_side > 0) = (direction = 'up') then 'improving'
        else 'worsening'
    end
{% endmacro %}

{#
    Will the process as it is meet the target, whatever the next month? As it is means the natural
    limits of the last 12 complete months: those of the locked baseline show how it was, and would
    call a target out of reach that a changed process has met for a year.
#}
{% macro target_verdict() %}
    case
        when target is null or not is_judged or direction = 'none' then null
        when direction = 'up' and recent_low >= target then 'will_meet'
        when direction = 'up' and recent_high < target then 'cannot_meet'
        when direction = 'down' and recent_high <= target then 'will_meet'
        when direction = 'down' and recent_low > target then 'cannot_meet'
        else 'may_miss'
    end
{% endmacro %}
