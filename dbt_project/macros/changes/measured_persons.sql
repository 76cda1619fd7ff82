{#-
    The persons whose months in retention_by_person an incremental build computes anew: those
    with other spells, and those who advocate. Everybody's where a month has not been measured.
-#}

{#- Drop their rows, those of persons without any spell, and the flags of advocacy that is gone. -#}
{%- macro forget_measured_persons() -%}
    {%- set spells = ref("purchase_spells") -%}
    {%- set advocacies = ref("advocacies") -%}
    {%- set months = of_months(ref("months_to_measure")) -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where
        {{ months }}
        and (
            {{ is_measured_anew() }}
            or person_id not in (select person_id from {{ spells }})
        );
    update {{ this }}
    set is_advocate = false, is_advocating_retained = false
    where
        {{ months }}
        and is_advocate
        and not exists (
            select 1 from {{ advocacies }} as acts
            where
                acts.person_id = {{ this }}.person_id
                and acts.period_start = {{ this }}.period_start
        )
    {%- endif -%}
{%- endmacro -%}

{#- Keep, in an incremental build, the person months that it computes. -#}
{%- macro only_measured_anew() -%}
    {%- if is_incremental() %}
    where {{ is_measured_anew() }}
    {%- endif -%}
{%- endmacro -%}

{#- Whether a row is of one of these persons, or of a month that was never measured. -#}
{%- macro is_measured_anew() -%}
    person_id in (
        select person_id from {{ ref("purchase_spells") }}
        where build_since = {{ build_since() }}
        union
        select person_id from {{ ref("advocacies") }}
        where {{ of_months(ref("months_to_measure")) }}
    )
    {%- set unmeasured = run_query(unmeasured_months()).columns[0].values() if execute -%}
    {%- if unmeasured %}
    or period_start in (date '{{ unmeasured | join("', date '") }}')
    {%- endif -%}
{%- endmacro -%}

{#-
    Query of the months to measure that have no row yet, or whose rows were measured with another
    beginning of the history than it has now.
-#}
{%- macro unmeasured_months() -%}
    select months.period_start
    from {{ ref("months_to_measure") }} as months
    cross join (
        select min(first_order_date) as start_date from {{ ref("purchase_spells") }}
    ) as history
    where not exists (
        select 1 from {{ this }} as measured
        where
            measured.period_start = months.period_start
            and measured.is_history_complete
            = (history.start_date <= months.window_start_at_start)
    )
{%- endmacro -%}
