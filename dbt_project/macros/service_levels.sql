{#-
    What became of a target of a ticket: met, missed, pending while it may still be met, unknown
    where the source doesn't say; null where there is no target. The desk's own due time goes before
    minutes. `took` and `waited` are minutes since `since`, to the event and for as long as the
    ticket was watched.
-#}
{%- macro target_state(since, event_at, took, waited, minutes, due_at, is_known) -%}
case
    when {{ since }} is null or coalesce({{ minutes }}, 0) = 0 and {{ due_at }} is null then null
    when
        case
            when {{ due_at }} is not null then {{ event_at }} <= {{ due_at }}
            else {{ took }} <= {{ minutes }}
        end
        then 'met'
    when not {{ is_known }} then 'unknown'
    when {{ event_at }} is not null then 'missed'
    when
        case
            when {{ due_at }} is not null then {{ due_at }} < {{ as_of() }}
            else {{ waited }} > {{ minutes }} or {{ observed_until(since) }} < {{ as_of() }}
        end
        then 'missed'
    else 'pending'
end
{%- endmacro -%}
