-- One row per topic of the tickets that were opened in the latest complete month.
select
    r.topic as "Topic",
    sum(r.ticket_count) as "Tickets",
    count(*) filter (where r.is_complaint) as "Complaints",
    count(*) filter (where r.is_open) as "Still open"
from published.conversations as r
where
    r.ticket_count = 1
    and r.period_start = $month
    $filters
group by 1
order by 2 desc
