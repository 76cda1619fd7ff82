"""The questions' SQL: the statements in questions/, filled with literals and names.

What goes in is quoted by psycopg, never pasted; what people choose comes later, as Metabase's
variables. Which questions there are is said by `questions` and `site`.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from string import Template

from psycopg import sql

from dashboards.metabase.facts import Columns, Facts
from dashboards.scorecard.definition import CardPlace
from dashboards.scorecard.records import MetricDefinition
from dashboards.scorecard.row_columns import (
    amount,
    counted_columns,
    shown_columns,
    with_segments,
)

_IS_CHOSEN = "(cardinality(array['company'[[, {{segment}}]][[, {{brand}}]]]) > 1)"
_CHOSEN = """
    [[and s.segment_name || ':' || s.segment_value in ({{segment}})]]
    [[and s.segment_name = 'brand' and s.segment_value in ({{brand}})]]"""


def literal(value: str | int) -> str:
    """Quote a value for SQL."""
    return sql.Literal(value).as_string(None)


def name(*parts: str) -> str:
    """Quote a name for SQL."""
    return sql.Identifier(*parts).as_string(None)


def literals(values: Iterable[str]) -> str:
    """Quote values as a list for `in`."""
    return ", ".join(map(literal, values))


def fill(statement: str, **parts: str) -> str:
    """Return the statement of this name with its `$parts` put in."""
    return Template(_template(statement)).substitute(parts).strip()


@cache
def _template(statement: str) -> str:
    path = resources.files(__package__).joinpath("questions", f"{statement}.sql")
    return path.read_text(encoding="utf-8")


def series(place: CardPlace) -> str:
    """Return the history of a card; one that stands for a segment of its own takes no other."""
    return fill("series", metric_id=literal(place.metric_id), segment=_segment(place))


def history(place: CardPlace) -> dict[str, str]:
    """Return the parts of a statement that ends at the month that a card shows."""
    return {"series": series(place), "month": month_to_show("series")}


def month_to_show(source: str = "published.scorecard", card: str = "") -> str:
    """Return the month that was chosen, else the latest complete one with a value or a reason.

    `card` narrows the scorecard to one card's rows: a condition that begins with `and`.
    """
    return fill("month_to_show", source=source, card=card)


def _segment(place: CardPlace) -> str:
    if not place.has_own_segment:
        return f"(s.segment_name <> 'company') = {_IS_CHOSEN}{_CHOSEN}"
    segment_name, value = map(literal, place.segment)
    return f"s.segment_name = {segment_name} and s.segment_value = {value}"


def number_format(decimals: int, sign: str = "") -> str:
    """Return to_char's format for a number with thousands separators; `sign` SG writes a plus."""
    return literal(f"FM{sign}999,999,999,990" + (f".{'0' * decimals}" if decimals else ""))


def reading(facts: Facts, place: CardPlace) -> str:
    """Return the statement that says in words what a card says."""
    metric, words = facts.metrics[place.metric_id], facts.definition
    suffix = words.unit(metric.unit, facts.company.currency).suffix
    is_signed = metric.metric_id in words.signed
    return fill(
        "reading",
        **history(place),
        format=number_format(metric.decimals),
        suffix=literal(f" {suffix}" if suffix else ""),
        absence=literal(facts.absence_of(metric.metric_id)),
        is_segment="true" if place.has_own_segment else _IS_CHOSEN,
        change=_change(facts, metric) if is_signed else "''",
        not_measured=literal(words.not_measured.format(segment="segment")),
        not_measured_then=literal(words.not_measured_then),
        too_little_data=literal(words.signals["too_little_data"]),
        signals=choices(words.signals),
        target_statuses=choices(words.target_statuses),
        no_target=literal(words.no_target),
        unjudged=literal(words.target_not_judged),
        time_zone=literal(facts.company.time_zone),
    )


def _change(facts: Facts, metric: MetricDefinition) -> str:
    """Return in words the difference to the year before, which a number on Metabase has in percent.

    What can be negative differs in its own unit only.
    """
    unit = facts.definition.unit(metric.unit, facts.company.currency).change
    pattern, words = number_format(metric.decimals, "SG"), literal(f" {unit} vs prior year")
    difference = "latest.value - latest.prior_year_value"
    return f"coalesce(', ' || to_char({difference}, {pattern}) || {words}, '')"


def choices(words: Mapping[str, str]) -> str:
    """Return the branches of a `case` over codes."""
    return "\n        ".join(f"when {literal(k)} then {literal(v)}" for k, v in words.items())


def value_title(titles: Mapping[str, str]) -> str:
    """Return what a value of a segment is called, as the page calls it."""
    spaced = "replace(s.segment_value, '_', ' ')"
    return f"case s.segment_value\n        {choices(titles)}\n        else {spaced}\n    end"


def rows(facts: Facts, place: CardPlace) -> str | None:
    """Return the statement of the rows behind a card, or None where they may not be read."""
    metric = facts.metrics[place.metric_id]
    kinds = facts.readable.get(metric.rows_mart or "", {})
    counted = counted_columns(metric, kinds)
    if not counted or not set(counted) <= kinds.keys():
        return None
    # The filters choose the segment, so the columns of all of them are shown.
    amounts = with_segments(counted, kinds)
    shown = shown_columns(metric, kinds, facts.metrics.values(), amounts)
    return fill(
        "rows",
        columns=",\n    ".join(f"{_shown(each, kinds)} as {name(title(each))}" for each in shown),
        mart=name(metric.rows_mart or ""),
        counts=" or ".join(f"{_amount(each, kinds)} <> 0" for each in amounts),
        month=_month(metric, place, kinds),
        filters=rows_filters(facts, kinds) if not place.has_own_segment else _own(place, kinds),
        order=f"{_amount(counted[0], kinds)} desc, "
        + ", ".join(str(position + 1) for position in range(len(shown))),
    )


def title(column: str) -> str:
    """Return a column's name as people read it."""
    return column.replace("_", " ")


def _shown(column: str, kinds: Columns) -> str:
    return _amount(column, kinds) if kinds[column] == "boolean" else name("r", column)


def _amount(column: str, kinds: Columns) -> str:
    return amount(sql.Identifier("r", column), kinds[column]).as_string(None)


def _month(metric: MetricDefinition, place: CardPlace, kinds: Columns) -> str:
    if "period_start" not in kinds:
        return ""
    segment_name, value = map(literal, place.segment)
    card = (
        f"and shown.metric_id = {literal(metric.metric_id)}"
        f" and shown.segment_name = {segment_name} and shown.segment_value = {value}"
    )
    return f"and r.period_start = {month_to_show(card=card)}"


def _own(place: CardPlace, kinds: Columns) -> str:
    segment_name, value = place.segment
    if segment_name not in kinds:
        return ""
    return f"and {name('r', segment_name)}::text = {literal(value)}"


def rows_filters(facts: Facts, kinds: Columns) -> str:
    """Return the optional conditions of the filters that rows with these columns can take."""
    lines = ["[[and r.brand in ({{brand}})]]"] if "brand" in kinds else []
    known = [each for each in facts.definition.filters if each in kinds]
    if known:
        choice = " or ".join(
            f"{literal(f'{each}:')} || {name('r', each)} in ({{{{segment}}}})" for each in known
        )
        lines.append(f"[[and ({choice})]]")
    return "\n    ".join(lines)
