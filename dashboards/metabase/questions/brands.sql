-- One row per brand: what the filter offers.
select distinct segment_value as "Brand"
from published.scorecard
where segment_name = 'brand'
order by 1
