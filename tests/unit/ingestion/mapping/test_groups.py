"""Risk: which row of a key counts depends on how files were cut, or on the order of the keys."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ingestion.mapping.declarations import Notation
from ingestion.mapping.groups import IS_OWN, Groups
from ingestion.mapping.settings.entities import EntitySection
from ingestion.rows import arrow_schema

TICKETS = {
    "entity": "tickets",
    "latest_by": "changed",
    "columns": {"ticket_id": "id", "created_at": "opened"},
}
LINE = st.tuples(st.sampled_from("abc"), st.integers(0, 4), st.booleans())


@given(st.lists(st.lists(LINE, max_size=4), max_size=6))
def test_the_latest_line_of_a_key_counts_however_lines_are_cut_into_batches(batches):
    mapping = EntitySection.model_validate(TICKETS).mapping(Notation(), ())
    groups = Groups(mapping)
    groups.compact_at = 3
    expected: dict[str, tuple[int, int, bool, str]] = {}
    for number, batch in enumerate(batches):
        file = f"file {number // 2}"
        groups.add(file, lines(mapping.entity, number, batch))
        for position, (key, time, is_own) in enumerate(batch):
            if key not in expected or time >= expected[key][0]:
                expected[key] = (time, 10 * number + position, is_own, file)
    found = {
        row["ticket_id"]: (row["topic"], file)
        for file, rows, _ in groups.rows()
        for row in rows.to_pylist()
    }
    assert found == {
        key: (str(line), file) for key, (_, line, is_own, file) in expected.items() if is_own
    }


def lines(entity, number, batch):
    """Return lines whose topic is their place."""
    rows = [{"ticket_id": key, "topic": str(10 * number + n)} for n, (key, *_) in enumerate(batch)]
    table = pa.Table.from_pylist(rows, schema=arrow_schema(entity))
    times = pa.array([time for _, time, _ in batch], pa.timestamp("us", "UTC"))
    are_own = pa.array([is_own for *_, is_own in batch], pa.bool_())
    return table.append_column("latest_by", times).append_column(IS_OWN, are_own)
