{#- The generation of a year of birth, by the bounds of the Pew Research Center. -#}
{%- macro generation(birth_year) -%}
    case
        when {{ birth_year }} is null then null
        when {{ birth_year }} <= 1945 then 'Silent Generation'
        when {{ birth_year }} <= 1964 then 'Baby Boomers'
        when {{ birth_year }} <= 1980 then 'Generation X'
        when {{ birth_year }} <= 1996 then 'Millennials'
        when {{ birth_year }} <= 2012 then 'Generation Z'
        else 'Generation Alpha'
    end
{%- endmacro -%}
