-- One row: when the numbers were published, and whether a gate holds newer ones back.
select
    to_char(p.happened_at at time zone $time_zone, 'DD Mon YYYY, HH24:MI')
    || ' ' || $time_zone as $title,
    case
        when h.publication_id is null then 'checks passed'
        else 'held, newer numbers failed a check: ' || (
            select coalesce(string_agg(reason, '; '), 'see concord status')
            from jsonb_array_elements_text(h.reasons) as reason
        )
    end as $gates
from published.publication_state as p
left join published.publication_state as h
    on h.publication_id = (
        select max(publication_id) from published.publication_state
        where state = 'held'
    )
    and h.publication_id > p.publication_id
where
    p.publication_id = (
        select max(publication_id) from published.publication_state
        where state = 'published'
    )
