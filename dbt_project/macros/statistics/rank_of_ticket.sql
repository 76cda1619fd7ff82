{#-
    The rank of a question or an answer among those of its ticket; without a ticket it is alone.

    `also` are further columns that rank apart, such as the month.
-#}
{%- macro rank_of_ticket(order_by, also=[]) -%}
row_number() over (
            partition by
                ticket_key,
                case when ticket_key is null then rating_key end
                {%- for column in also %}, {{ column }}{% endfor %}
            order by {{ order_by }}
        )
{%- endmacro -%}
