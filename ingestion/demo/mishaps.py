"""What goes wrong in the books, after all else has happened.

Orders that somebody deletes, guests who get a new customer record with each order, clocks that
differ, tickets that nobody ends. What the exports do to whole rows belongs to `exports.py`.
"""

from dataclasses import replace

import numpy as np

from ingestion.demo.clock import DAY, Clock, days_later, stream
from ingestion.demo.commerce import COMPLETED, Orders
from ingestion.demo.parameters import TICKET_CHANNELS, Parameters
from ingestion.demo.persons import GUEST_RECORD, Persons
from ingestion.demo.records import size
from ingestion.demo.service import REGULAR, Tickets

CHAT, PHONE = TICKET_CHANNELS.index("chat"), TICKET_CHANNELS.index("phone")
NEVER_YET = 1 << 40  # beyond all simulated time
# Other decisions about a ticket take the lowest digits of its draw.
HIGH, HIGHER = 1 << 10, 1 << 16


def delete_orders(seed: int, orders: Orders, clock: Clock, p: Parameters) -> Orders:
    """Let some orders be deleted some days after they came, as if there had been none."""
    month_of = clock.month_of(orders.at)
    whole = (orders.status == COMPLETED) & (orders.refunded == 0)
    deleted_at = np.zeros(size(orders), dtype=np.int64)
    for month in range(clock.months):
        random = stream(seed, "deleted orders", month)
        rows = np.flatnonzero(whole & (month_of == month))
        rows = rows[random.random(len(rows)) < p.deleted_share]
        deleted_at[rows] = days_later(clock, orders.at[rows], (1, 40), random)
    return replace(orders, deleted_at=deleted_at)


def give_guest_records(orders: Orders, persons: Persons) -> Orders:
    """Give each later order of those who always buy as guests a customer record of its own."""
    who = np.maximum(orders.person, 0)
    is_later = orders.at > persons.acquired_at[who]
    is_guest = (orders.person >= 0) & persons.is_guest_shopper[who] & is_later
    return replace(
        orders, record=np.where(is_guest, GUEST_RECORD + np.arange(size(orders)), orders.record)
    )


def close_stale(tickets: Tickets, clock: Clock, p: Parameters) -> Tickets:
    """Let the desk close, on the last evening of each quarter, what has long been unsolved."""
    quarters = [m for m in range(1, clock.months + 1) if clock.calendar_month(m) % 3 == 0]
    evenings = np.append(clock.month_start[quarters] - 6 * 3600, NEVER_YET)
    stale = (tickets.fate == REGULAR) & (tickets.solved_at == 0)
    at = evenings[np.searchsorted(evenings, tickets.at + p.stale_days * DAY)]
    return replace(tickets, closed_at=np.where(stale, at, 0))


def skew_clocks(tickets: Tickets, p: Parameters) -> Tickets:
    """Date some quick replies before their ticket; of some calls the solve by a second, too.

    The desk's telephone and chat have clocks of their own, and a call is written down after it.
    """
    t, turn = tickets, tickets.words // HIGH % p.skewed_every
    once = (t.replied_at > 0) & (t.rounds == 0) & (t.solved_before_at == 0)
    solves = once & (turn == 1) & (t.channel == PHONE) & (t.solved_at > 0)
    replies = solves | once & (turn == 0) & np.isin(t.channel, (CHAT, PHONE))
    seconds = 1 + t.words // HIGHER % p.skew_seconds
    return replace(
        t,
        replied_at=np.where(replies, t.at - seconds, t.replied_at),
        solved_at=np.where(solves, t.at - 1, t.solved_at),
    )
