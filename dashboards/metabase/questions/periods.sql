-- One row per complete month, the newest first: what the filter offers.
select distinct to_char(period_start, 'YYYY-MM') as "Period"
from published.scorecard
where not is_partial
order by 1 desc
