"""What `concord status` shows: loads, quarantine, what records lack, gates, publication."""

from dataclasses import astuple

import ingestion.loading
from dashboards.scorecard import queries, standing
from orchestration import ledger, page, terminal
from orchestration.gaps import gaps
from orchestration.preparation import prepare
from orchestration.reading import status_url
from orchestration.settings import Settings

_PERSONS = {
    "persons_joined": "persons joined by",
    "persons_shared": "persons known to",
    "identifiers_refused": "refused identifiers:",
}


def show(settings: Settings, url: str) -> None:
    """Print the state of the warehouse and of what is published from it.

    The owner, whose `url` it is, makes tables that aren't there yet; a role of its own reads.
    """
    prepare(settings, url)
    url = status_url(url)
    loaded = ingestion.loading.status(url)
    _show_loads(loaded)
    _show_unread(loaded)
    terminal.print_table(
        "Records that lack something",
        ["source", "entity", "without person", "without rate", "without parent"],
        [astuple(each) for each in gaps(url)],
    )
    _show_persons(url)
    _show_gates(ledger.latest_gates(url, settings.configuration.sources))
    _show_publication(settings, url)


def _show_loads(loaded: ingestion.loading.Status) -> None:
    columns = "source entity received loaded folded filtered quarantined new changed removed"
    rows = [
        (
            load.source_name,
            load.entity,
            load.received,
            load.loaded,
            load.folded,
            load.filtered,
            load.quarantined,
            load.inserted,
            load.updated,
            load.removed,
            f"{load.finished_at:%d %b %H:%M}",
        )
        for load in loaded.loads
    ]
    terminal.print_table("Last loads", [*columns.split(), "at (UTC)"], rows)


def _show_unread(loaded: ingestion.loading.Status) -> None:
    """Print the rows that can't be read, and the values that rows are loaded without."""
    columns = ["source", "entity", "field", "reason", "rows", "first at"]
    rejected = [
        (
            count.source_name,
            count.entity,
            count.column or count.field,
            count.reason,
            count.rows,
            count.place,
            count.value,
        )
        for count in loaded.quarantine
    ]
    emptied = [
        (
            count.source_name,
            count.entity,
            count.field,
            count.reason,
            count.rows,
            count.file if count.line is None else f"{count.file}:{count.line}",
        )
        for count in loaded.emptied
    ]
    terminal.print_table("Quarantine", [*columns, "value"], rejected)
    terminal.print_table("Emptied fields", columns, emptied)
    terminal.print_table(
        "Refused files",
        ["source", "file", "reason"],
        [astuple(file) for file in loaded.refused],
    )


def _show_persons(url: str) -> None:
    """Print by what the persons of the published scorecard were recognised, and by what not."""
    with queries.open_reader(url) as reader:
        figures = sorted(reader.trust(), key=lambda each: each.subject)
    rows = [
        (f"{words} {each.subject}", int(each.numerator or 0), int(each.denominator or 0))
        for figure, words in _PERSONS.items()
        for each in figures
        if each.figure == figure
    ]
    terminal.print_table("Persons", ["what", "count", "of"], rows)


def _show_gates(gates: list[ledger.GateResult]) -> None:
    columns = ["gate", "subject", "verdict", "checks", "at (UTC)"]
    rows = [
        (
            gate.gate,
            gate.subject,
            "passed" if gate.is_passed else "BLOCKED",
            gate.checks,
            f"{gate.checked_at:%d %b %H:%M}",
        )
        for gate in gates
    ]
    terminal.print_table("Gates", columns, rows)
    for gate in gates:
        for sentence in gate.words:
            terminal.out.print(f"{gate.gate} of {gate.subject}: {sentence}", markup=False)


def _show_publication(settings: Settings, url: str) -> None:
    publication = standing.publication(url)
    terminal.out.print(publication, markup=False)
    server = page.find(settings)
    terminal.out.print(
        f"Page: {server.url if server else 'not running; start it with `concord serve`'}"
    )
