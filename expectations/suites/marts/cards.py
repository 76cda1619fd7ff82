"""Whether each row of the scorecard can be true by itself: bounds, intervals, suppression."""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import blocking, warning

# One row per row of the scorecard; `card_order` puts the company's newest months first.
QUERY = sql.SQL(
    """
    select
        cards.*,
        definitions.interval_method,
        inputs.as_of,
        cards.segment_name = 'company'
        and cards.period_start = max(cards.period_start) filter (where not cards.is_partial) over ()
            as is_newest_of_company,
        row_number() over (
            order by cards.segment_name <> 'company', cards.period_start desc, cards.metric_id
        ) as card_order,
        format(
            '%s of %s in %s',
            cards.metric_id,
            case
                when cards.segment_name = 'company' then 'the whole company'
                else cards.segment_name || ' ' || cards.segment_value
            end,
            to_char(cards.period_start, 'FMMonth YYYY')
        ) as card
    from marts.scorecard as cards
    inner join marts.metric_definitions as definitions on cards.metric_id = definitions.metric_id
    cross join inputs
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of every card."""
    return ExpectationSuite(
        "cards",
        expectations=[
            blocking("bounds", _BOUNDS),
            blocking("interval", _INTERVAL),
            blocking("share of its base", _SHARE),
            blocking("suppression", _SUPPRESSION),
            blocking("data as of", _DATA_AS_OF),
            warning("natural limits", _LIMITS),
        ],
    )


_BOUNDS = """
select
    'scorecard.value' as place,
    format('%s is %s %s', card, to_char(value, 'FM999,999,999,990.00'), unit) as observed,
    case interval_method
        when 'wilson' then 'a share lies between 0 and 100 %'
        when 'nps' then 'it lies between -100 and 100'
        else 'it can''t be below 0'
    end as expected,
    'open the rows behind the card and correct the source or the metric''s model; what was'
    || ' published before stays until then' as remedy
from {batch}
where
    (interval_method = 'wilson' and value not between 0 and 100)
    or (interval_method = 'nps' and value not between -100 and 100)
    or (unit in ('minutes', 'days', 'count', 'persons', 'score') and value < 0)
    or (unit = 'currency' and denominator is not null and value < 0)
order by card_order
"""

# Values are rounded when they are written, so equal figures may differ in the last digit.
_INTERVAL = """
select
    'scorecard.ci_low' as place,
    format(
        '%s is %s, outside its own interval from %s to %s',
        card,
        to_char(value, 'FM999,999,999,990.00'),
        to_char(ci_low, 'FM999,999,999,990.00'),
        to_char(ci_high, 'FM999,999,999,990.00')
    ) as observed,
    'a value lies within its interval' as expected,
    'correct the interval of the metric''s model' as remedy
from {batch}
where ci_low - value > 0.000001 or value - ci_high > 0.000001
order by card_order
"""

_SHARE = """
select
    'scorecard.numerator' as place,
    format(
        '%s counts %s of %s',
        card,
        to_char(numerator, 'FM999,999,999,990'),
        to_char(denominator, 'FM999,999,999,990')
    ) as observed,
    'a part can''t be more than the whole' as expected,
    'open the rows behind the card and correct the source or the metric''s model; what was'
    || ' published before stays until then' as remedy
from {batch}
where
    interval_method in ('wilson', 'nps', 'km')
    and abs(numerator) - denominator > 0.000001
order by card_order
"""

_SUPPRESSION = """
select
    'scorecard.suppressed_reason' as place,
    card || ' is suppressed and yet shows a figure' as observed,
    'a suppressed card shows none' as expected,
    'correct the scorecard''s model; too few people stand behind this figure to show it' as remedy
from {batch}
where suppressed_reason is not null and coalesce(value, ci_low, ci_high) is not null
order by card_order
"""

_DATA_AS_OF = """
select
    'scorecard.data_as_of' as place,
    format(
        '%s says that its data is of %s h, and it is %s h',
        card,
        to_char(data_as_of, 'FMDD FMMonth YYYY HH24'),
        to_char(as_of, 'FMDD FMMonth YYYY HH24')
    ) as observed,
    'data can''t be from the future' as expected,
    'check the time zone of the source and the clock of this machine' as remedy
from {batch}
where data_as_of > as_of
order by card_order
"""

_LIMITS = """
select
    'scorecard.value' as place,
    format(
        '%s is %s, far outside its natural limits of %s to %s',
        card, to_char(value, 'FM999,999,999,990.00'), round(limit_low, 2), round(limit_high, 2)
    ) as observed,
    'a figure lies within 3 times their distance from their middle' as expected,
    'look whether the source is complete before you act on the figure; if you know the cause, add'
    || ' it under [[baseline_shifts]] in concord.toml' as remedy
from {batch}
where
    is_newest_of_company
    and limit_high > limit_low
    and abs(value - limit_mean) > 3 * (limit_high - limit_low) / 2
order by card_order
"""
