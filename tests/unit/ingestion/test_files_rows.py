"""Risk: a row is left out, or an amount is another one, because of how a file writes numbers."""

import tomllib
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

from ingestion.sources import build

GERMAN = """
kind = "files"
decimal = ","
thousands = "."
null_values = ["NULL"]
[[entities]]
entity = "orders"
path = "orders.*"
delimiter = ";"
{where}
[entities.columns]
order_id = "id"
ordered_at = {{ value = "2024-01-01" }}
gross_amount = {amount}
"""


class Loaded(NamedTuple):
    """What a source gave at its first load."""

    rows: list[dict[str, Any]]
    rejects: list[tuple[int | None, str, str]]
    received: int


def _loaded(folder: Path, section: str) -> Loaded:
    extracts = list(build("shop", tomllib.loads(dedent(section)), folder).extract({}))
    return Loaded(
        [row for each in extracts for row in each.batch.to_pylist()],
        [(each.line, each.field, each.reason) for part in extracts for each in part.rejects],
        sum(each.received for each in extracts),
    )


def test_a_row_without_a_key_finds_nothing_and_of_repeated_keys_the_first_counts(tmp_path):
    (tmp_path / "codes.csv").write_text("code,camp\n,LEER\nA,c1\nA,c2\nNULL,c3\n")
    section = GERMAN.format(amount='"amount"', where="") + (
        'campaign_id = { from = "code", '
        'lookup = { path = "codes.csv", key = "code", value = "camp" } }\n'
    )
    (tmp_path / "orders.csv").write_text("id;amount;code\n1;1;\n2;1;A\n3;1;B\n4;1;NULL\n")
    loaded = _loaded(tmp_path, section)
    assert [row["campaign_id"] for row in loaded.rows] == [None, "c1", None, None]
