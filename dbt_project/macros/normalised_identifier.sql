{#-
    An identifier as persons are recognised by it, null where it can recognise nobody.

    E-mail: trimmed, lower case. Phone: the digits of E.164, so 0049 and +49 are the same; a
    number too short to be unique is dropped.
-#}
{%- macro normalised_identifier(kind, value) -%}
    {%- set digits = "regexp_replace(" ~ value ~ ", '[^0-9]', '', 'g')" -%}
    case {{ kind }}
        when 'email'
            then case when {{ value }} like '%_@_%' then lower(trim({{ value }})) end
        when 'phone'
            then case
                when length({{ digits }}) < 7 then null
                when {{ digits }} like '00%' then substring({{ digits }}, 3)
                else {{ digits }}
            end
        else nullif(trim({{ value }}), '')
    end
{%- endmacro -%}
