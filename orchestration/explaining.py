"""What `concord explain` shows of a figure: definition, parts, rows, segments, checks, changes."""

from collections.abc import Iterator
from difflib import get_close_matches

from dashboards.scorecard import formatting
from dashboards.scorecard.attribution import Attribution
from dashboards.scorecard.cards import CardView
from dashboards.scorecard.catalogue import INTERVALS
from dashboards.scorecard.drilldown import MetricPage, RestatedFigure, RowTable
from dashboards.scorecard.explanation import Explanation, explanation
from dashboards.scorecard.page import Filters, parse_filters
from dashboards.scorecard.queries import Reader, open_reader
from dashboards.scorecard.records import Standing
from dashboards.scorecard.segments import SegmentGroup
from dashboards.scorecard.strata import COLUMNS, Strata
from orchestration import terminal
from orchestration.errors import NotExplained, NothingPublished
from orchestration.layout import layout
from orchestration.reading import published_url
from orchestration.settings import Settings

_MOST_COLUMNS = 10
_MOST_STRATA = 10


def show(settings: Settings, url: str, metric_id: str, month: str, segment: str) -> None:
    """Print what explains the figure that is published; NotExplained for one that can't be."""
    filters = _filters(month, segment)
    with open_reader(published_url(url)) as reader:
        if reader.standing().published is None:
            raise NothingPublished("nothing is published yet; run `concord run` first")
        found = explanation(reader, metric_id, filters, layout(settings))
        if found is None:
            raise NotExplained(_unknown(reader, metric_id))
    card = found.page.card
    _show_figure(found.page)
    terminal.print_facts("Definition", _definition(card))
    _show_rows(found)
    for group in found.page.groups:
        _show_segments(group)
    if found.page.strata:
        _show_strata(found.page.strata)
    if found.page.attribution:
        _show_attribution(found.page.attribution)
    _show_checks(found.page.frame.standing)
    _show_restated("Changed by the last run", found.changed)
    _show_restated("Changed before", found.changed_before)


def _filters(month: str, segment: str) -> Filters:
    try:
        return parse_filters(f"{month}-01" if month else None, segment or None)
    except ValueError:
        raise NotExplained(
            f"--month is written as 2026-10 and --segment as name:value, not {month!r} and"
            f" {segment!r}"
        ) from None


def _unknown(reader: Reader, metric_id: str) -> str:
    near = get_close_matches(metric_id, reader.definitions(), n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else "docs/metrics.md lists them all"
    return f"there is no metric {metric_id!r}; {hint}"


def _show_figure(page: MetricPage) -> None:
    card = page.card
    name, chosen = card.segment
    segment = "the whole company" if name == "company" else f"{name.replace('_', ' ')} {chosen}"
    title = ", ".join(filter(None, (card.title, card.period, segment)))
    terminal.print_facts(title, (*_figure(card), ("bounds", page.bounds)))


def _figure(card: CardView) -> Iterator[tuple[str, str]]:
    item, row = card.definition, card.row
    yield (
        "figure",
        "; ".join(filter(None, (formatting.joined((card.figure, card.unit)), card.note))),
    )
    if row is not None and card.figure:
        yield "numerator", _part(row.numerator, item.numerator)
        yield "denominator", _part(row.denominator, item.denominator)
        yield "n", formatting.number(row.n) if row.n is not None else ""
        method = INTERVALS[item.interval_method or "none"]
        yield "interval", f"{card.interval} ({method})" if card.interval else ""
    for change in card.changes:
        yield change.label, change.text
    yield "signal", card.signal.word
    yield "target", ": ".join(filter(None, (card.target.word, card.goal)))
    yield "left out", card.left_out
    yield "running", card.running
    yield "data as of", card.as_of


def _part(value: float | None, words: str | None) -> str:
    if value is None:
        return ""
    written = formatting.amount(value)
    return f"{written} ({words})" if words else written


def _definition(card: CardView) -> Iterator[tuple[str, str]]:
    item, owners = card.definition, card.owners
    yield "question", item.question or ""
    yield "definition", item.definition or ""
    yield "version", card.version
    yield "source", item.source or ""
    needs = " ".join(filter(None, (", ".join(item.needs), item.needs_detail)))
    yield "needs", needs.replace("_", " ")
    if owners:
        yield "owners", " and ".join(filter(None, (owners.marketing_owner, owners.service_owner)))


def _show_rows(found: Explanation) -> None:
    table = found.page.table
    if table is None:
        terminal.out.print(f"Rows: {no_rows(found.page)}\n", markup=False)
        return
    _show_sample(table)
    if table.sums:
        terminal.print_facts("They add up to", _sums(table))
    else:
        words = "Their columns count the figure of the whole, not that of the segment.\n"
        terminal.out.print(words, markup=False)
    terminal.out.print(found.query, markup=False, soft_wrap=True)
    terminal.out.print()


def no_rows(page: MetricPage) -> str:
    """Say why a figure shows no rows, and where there are some."""
    if page.card.state == "suppressed":
        return "they are withheld as the figure is"
    if page.card.row is None and page.card.is_without_total and page.groups:
        example = ":".join(page.groups[0].lines[0].segment)
        return f"there is no figure of all together; name one with --segment, such as {example}"
    return "this figure has none"


def _show_sample(table: RowTable) -> None:
    """Print the first rows, or one alone where a line has no room for all columns."""
    is_wide = len(table.columns) > _MOST_COLUMNS
    sample = table.rows[:1] if is_wide else table.rows
    title = f"Rows: {formatting.counted(table.total, 'row')} of published.{table.mart}"
    title += f", the first {len(sample)}" if len(sample) < table.total else ""
    if is_wide and sample:
        terminal.print_facts(title, zip(table.columns, sample[0], strict=True))
    else:
        terminal.print_table(title, list(table.columns), list(sample))


def _sums(table: RowTable) -> Iterator[tuple[str, str]]:
    for each in table.sums:
        verdict = "equal to" if each.is_equal else "NOT equal to"
        known = "" if table.is_segment_known else "; the rows don't know the segment"
        yield (
            each.column,
            f"{each.total}, {verdict} the figure's {each.on_card or 'nothing'}{known}",
        )


def _show_segments(group: SegmentGroup) -> None:
    rows = [
        (line.label, line.value, line.interval, line.n, line.change, line.left_out)
        for line in group.lines
    ]
    more = f" (and {group.hidden} more)" if group.hidden else ""
    columns = ["segment", "figure", "interval", "n", "vs prior year", "left out"]
    terminal.print_table(f"By {group.name}{more}", columns, rows)


def _show_strata(strata: Strata) -> None:
    shown = strata.lines[:_MOST_STRATA]
    title = f"Strata: the {len(shown)} largest of {strata.total}"
    terminal.print_table(title, list(COLUMNS), list(shown))
    had, ordered, expected = strata.sums
    words = f"{ordered} of {had} {strata.outcome}, {expected} were expected"
    terminal.print_facts("They add up to", [("all with others", f"{words}: {strata.effect}")])


def _show_attribution(shared: Attribution) -> None:
    rows = [
        (line.department, *(f"{amount} ({share})" for amount, share in line.figures))
        for line in shared.lines
    ]
    columns = ["department", *shared.methods]
    terminal.print_table("By three methods: attribution, not cause", columns, rows)
    terminal.out.print(shared.disagreement, markup=False)
    terminal.out.print()


def _show_checks(standing: Standing) -> None:
    published = standing.published
    if published is None:
        return
    rows = [
        (gate.gate, "passed" if gate.is_passed else "BLOCKED", gate.checks)
        for gate in published.gates
    ]
    terminal.print_table("Checks", ["gate", "verdict", "checks"], rows)
    moment = formatting.moment(published.happened_at, published.company.time_zone)
    terminal.out.print(f"Published on {moment}.", markup=False)
    for words in published.accepted:
        terminal.out.print(f"Accepted: {words}", markup=False)
    for reason in standing.hold.reasons if standing.hold else ():
        terminal.out.print(f"Newer figures are held: {reason}", markup=False)
    terminal.out.print()


def _show_restated(title: str, restated: tuple[RestatedFigure, ...]) -> None:
    columns = ["period", "was", "is", "cause", "detail", "published"]
    rows = [
        (each.period, each.was, each.now, each.cause, each.detail, each.published)
        for each in restated
    ]
    terminal.print_table(title, columns, rows)
