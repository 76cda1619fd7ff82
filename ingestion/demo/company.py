"""The demo company as one frozen value, and the simulation that makes it.

What each domain does is in its own module; here is only the order in which they
depend on each other, and the cut at `as_of`: nothing that happens later is known.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from ingestion.demo.ads import AdDays, simulate_ads
from ingestion.demo.campaigns import (
    Campaigns,
    Sends,
    coupon_intents,
    has_open_complaint,
    mail_together,
    plan_campaigns,
    simulate_sends,
)
from ingestion.demo.clock import Clock, add_months, make_clock
from ingestion.demo.commerce import (
    DELETED,
    Intents,
    Orders,
    finish_orders,
    other_intents,
    served_intents,
    simulate_customership,
)
from ingestion.demo.deliveries import Deliveries, simulate_deliveries
from ingestion.demo.leaving import (
    LATE,
    TICKET_DAYS,
    UNSOLVED,
    Leaving,
    is_gone,
    late_deliveries,
    repoint,
    simulate_leaving,
    unsolved_complaints,
)
from ingestion.demo.mishaps import close_stale, delete_orders, give_guest_records, skew_clocks
from ingestion.demo.parameters import Parameters
from ingestion.demo.persons import Persons, simulate_persons
from ingestion.demo.records import join, select, size
from ingestion.demo.returns import (
    Refunds,
    Returns,
    refunded_so_far,
    simulate_refunds,
    simulate_returns,
)
from ingestion.demo.service import (
    Messages,
    Tickets,
    open_complaints,
    simulate_tickets,
    ticket_messages,
)
from ingestion.demo.social import Society, Statuses, simulate_statuses, social_complaints
from ingestion.demo.surveys import (
    EffortAnswers,
    Responses,
    simulate_efforts,
    simulate_responses,
)


@dataclass(frozen=True)
class Company:
    """All that happened until as_of; rows of one table point to rows of another by number."""

    seed: int
    count: int  # persons asked for
    months: int  # complete months asked for
    parameters: Parameters
    clock: Clock
    persons: Persons
    alive: np.ndarray  # months x persons
    leaving: Leaving  # for a reason that the company gave
    orders: Orders
    lost: Orders  # what leavers would have bought
    deliveries: Deliveries
    refunds: Refunds
    returns: Returns
    tickets: Tickets
    messages: Messages
    responses: Responses
    efforts: EffortAnswers
    campaigns: Campaigns
    ads: AdDays
    sends: Sends
    statuses: Statuses


def simulate(
    seed: int, persons: int, months: int, as_of: datetime, first_month: date | None = None
) -> Company:
    """Simulate `months` complete months and the current one, up to `as_of`.

    The same arguments give the same company. With the `first_month` of an earlier run and a
    later `as_of`, everything up to the earlier one stays as it was.
    """
    p = Parameters()
    if first_month is None:
        local = as_of.astimezone(ZoneInfo(p.zone))
        first_month = add_months(date(local.year, local.month, 1), -months)
    clock = make_clock(p.zone, p.history_months, first_month, as_of)
    return _cut(_simulate(seed, persons, months, clock, p))


def _simulate(seed: int, count: int, months: int, clock: Clock, p: Parameters) -> Company:
    persons = simulate_persons(seed, count, clock, p, p.history_months + months)
    customership = simulate_customership(seed, persons, clock, p)
    alive, own = customership.alive, customership.intents
    own_orders = finish_orders(seed, own, persons, clock, p)
    tickets = simulate_tickets(seed, own_orders, persons, clock, p)
    statuses = simulate_statuses(Society(seed, count, alive, persons, clock, p))
    campaigns = plan_campaigns(seed, count, clock, p)
    complaints = _complaints(tickets, statuses, persons)
    sends = simulate_sends(seed, campaigns, alive, persons, (clock, p, count, complaints))
    coupons = coupon_intents(seed, sends, campaigns, alive, (persons, clock, p))
    solved = np.flatnonzero(tickets.solved_at > 0)
    served = (tickets.person[solved], tickets.solved_at[solved])
    known = join([own, coupons, served_intents(seed, served, persons, clock, p)])
    by_month = np.bincount(clock.month_of(known.at), minlength=clock.months + 1)
    intents = join([known, other_intents(seed, by_month, clock, p)])
    orders = _book(seed, intents, persons, clock, p)
    deliveries = simulate_deliveries(seed, orders, clock, p)
    reasons = {
        LATE: (late_deliveries(orders, deliveries, clock, p), p.late_leaves),
        UNSOLVED: (unsolved_complaints(tickets, p), p.unsolved_leaves),
    }
    written = skew_clocks(close_stale(tickets, clock, p), p)
    everything = Company(
        seed=seed,
        count=count,
        months=months,
        parameters=p,
        clock=clock,
        persons=persons,
        alive=alive,
        leaving=simulate_leaving(seed, size(persons), reasons, clock),
        orders=orders,
        lost=select(orders, np.arange(0)),
        deliveries=deliveries,
        refunds=simulate_refunds(seed, orders, clock, p),
        returns=simulate_returns(seed, orders, clock, p),
        tickets=written,
        messages=ticket_messages(written),
        responses=simulate_responses(seed, alive, tickets, persons, (clock, p, count)),
        efforts=simulate_efforts(seed, tickets, clock, p),
        campaigns=campaigns,
        ads=simulate_ads(seed, campaigns, clock, p),
        sends=mail_together(sends, clock),
        statuses=statuses,
    )
    return _without_leavers(everything)


def _complaints(tickets: Tickets, statuses: Statuses, persons: Persons) -> tuple[np.ndarray, ...]:
    """Return person, start and end of each interval in which a complaint was open."""
    spans = [open_complaints(tickets), social_complaints(statuses, persons)]
    return tuple(np.concatenate(column) for column in zip(*spans, strict=True))


def _without_leavers(company: Company) -> Company:
    """Take out what those who left would have done, and keep apart what they would have bought."""
    left_at, orders, tickets = company.leaving.at, company.orders, company.tickets
    gone = is_gone(orders.person, orders.at, left_at)
    comes = ~is_gone(tickets.person, tickets.at, left_at, TICKET_DAYS)
    kept, sends = select(tickets, comes), company.sends
    complaints = _complaints(kept, company.statuses, company.persons)
    complains = has_open_complaint(sends.person, sends.at, complaints)
    return replace(
        company,
        alive=company.alive & (company.clock.month_start[:-1, None] <= left_at),
        orders=give_guest_records(select(orders, ~gone), company.persons),
        lost=select(orders, gone),
        deliveries=select(company.deliveries, ~gone),
        refunds=repoint(company.refunds, "order", ~gone),
        returns=repoint(company.returns, "order", ~gone),
        tickets=kept,
        messages=repoint(company.messages, "ticket", comes),
        efforts=repoint(company.efforts, "ticket", comes),
        sends=replace(sends, has_open_complaint=complains),
    )


def _book(seed: int, intents: Intents, persons: Persons, clock: Clock, p: Parameters) -> Orders:
    return delete_orders(seed, finish_orders(seed, intents, persons, clock, p), clock, p)


def _cut(company: Company) -> Company:
    """Cut off what happens after as_of."""
    now, clock = company.clock.as_of, company.clock
    here = int((company.persons.acquired_at <= now).sum())
    opened = (
        clock.at(company.campaigns.first_day, np.zeros(len(company.campaigns.month), int)) <= now
    )
    refunds = select(company.refunds, company.refunds.at <= now)
    orders = select(company.orders, company.orders.at <= now)
    # Where clocks differ, the answer is dated before its ticket.
    said_at = np.maximum(company.messages.at, company.tickets.at[company.messages.ticket])
    return replace(
        company,
        persons=select(company.persons, np.arange(here)),
        alive=company.alive[:, :here],
        leaving=select(company.leaving, np.arange(here)),
        lost=select(company.lost, company.lost.at <= now),
        orders=_cut_orders(replace(orders, **refunded_so_far(orders, refunds)), now),
        deliveries=_cut_deliveries(select(company.deliveries, company.orders.at <= now), now),
        refunds=refunds,
        returns=select(company.returns, company.returns.at <= now),
        tickets=_cut_tickets(select(company.tickets, company.tickets.at <= now), now),
        messages=select(company.messages, said_at <= now),
        responses=select(company.responses, company.responses.at <= now),
        efforts=select(company.efforts, company.efforts.at <= now),
        campaigns=select(company.campaigns, opened),
        ads=select(company.ads, company.ads.told_at <= now),
        sends=select(company.sends, company.sends.at <= now),
        statuses=select(company.statuses, company.statuses.at <= now),
    )


def _cut_orders(orders: Orders, now: int) -> Orders:
    """Cut what becomes of orders later; one that is deleted was never there."""
    deleted_at = np.where(orders.deleted_at > now, 0, orders.deleted_at)
    status = np.where(deleted_at > 0, DELETED, orders.status)
    return replace(orders, deleted_at=deleted_at, status=status)


def _cut_deliveries(deliveries: Deliveries, now: int) -> Deliveries:
    delivered_at = np.where(deliveries.delivered_at > now, 0, deliveries.delivered_at)
    return replace(deliveries, delivered_at=delivered_at)


def _cut_tickets(tickets: Tickets, now: int) -> Tickets:
    """Cut what happens later; a ticket that has not come back yet is one that was solved."""
    times = ("replied_at", "solved_at", "closed_at", "rated_at", "solved_before_at", "reopened_at")
    known = {
        name: np.where(getattr(tickets, name) > now, 0, getattr(tickets, name)) for name in times
    }
    rests = (known["solved_before_at"] > 0) & (known["reopened_at"] == 0)
    known["solved_at"] = np.where(rests, known["solved_before_at"], known["solved_at"])
    known["solved_before_at"] = np.where(rests, 0, known["solved_before_at"])
    stars = np.where(known["rated_at"] == 0, 0, tickets.stars)
    return replace(tickets, **known, stars=stars)
