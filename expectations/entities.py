"""What gate 1 has to know of the entities that arrive; the contract behind it is ingestion's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ArrivingEntity:
    """One table of `raw`: its columns, and what is usual for its rows.

    `columns` are those that are filled when a row arrives, of them the `occasional` ones now and
    then only. `event_time` is when the thing happened; as a day it may lie ahead, as a booking
    does. What `surges` does so in a crisis. `income` is an amount whose mean is watched.
    """

    name: str
    columns: tuple[str, ...]
    occasional: tuple[str, ...] = ()
    event_time: str | None = None
    is_event_time_a_day: bool = False
    surges: bool = False
    income: str | None = None
