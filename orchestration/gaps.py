"""What loaded records lack, as the last build of the models counted it."""

from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class Gaps:
    """Of the records of an entity of a source, how many lack what; None where none can."""

    source_name: str
    entity: str
    without_person: int | None
    without_rate: int | None
    without_parent: int | None


_IS_BUILT = "select to_regclass('intermediate.int_record_gaps') is not null"
_GAPS = """
select
    source_name,
    entity,
    cast(sum(lacking_count) filter (where gap = 'person') as bigint) as without_person,
    cast(sum(lacking_count) filter (where gap = 'rate') as bigint) as without_rate,
    cast(sum(lacking_count) filter (where gap = 'parent') as bigint) as without_parent
from intermediate.int_record_gaps
group by source_name, entity
order by source_name, entity
"""


def gaps(url: str) -> list[Gaps]:
    """Return what records lack; nothing before the first build."""
    with psycopg.connect(url) as connection:
        built = connection.execute(_IS_BUILT).fetchone()
        if not built or not built[0]:
            return []
        return connection.cursor(row_factory=class_row(Gaps)).execute(_GAPS).fetchall()
