-- One row per value of a segment: what the filter offers.
select distinct segment_name || ':' || segment_value as "Segment"
from published.scorecard
where segment_name in ($segment_names)
order by 1
