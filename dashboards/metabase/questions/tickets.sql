-- One row per month in which tickets were opened.
select
    r.period_start as "Month",
    sum(r.ticket_count) as "Tickets",
    sum(r.ticket_replied_count) as "Answered",
    sum(r.ticket_solved_count) as "Solved",
    count(*) filter (where r.is_complaint) as "Complaints"
from published.conversations as r
where
    r.ticket_count = 1
    [[and to_char(r.period_start, 'YYYY-MM') <= greatest({{period}})]]
    $filters
group by r.period_start
order by r.period_start
