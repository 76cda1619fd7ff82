-- The rows that the card's latest complete month adds up.
select
    $columns
from published.$mart as r
where
    ($counts)
    $month
    $filters
order by $order
