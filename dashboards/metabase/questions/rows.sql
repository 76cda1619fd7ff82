-- The rows that the card's latest complete month adds up.
select
    $columns
from published.$mart as r
where
    ($numerator <> 0 or $denominator <> 0)
    $month
    $filters
order by $order
