"""The company must be reproducible, honest about time, and of the promised size."""

import re
from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pytest

from ingestion.demo.ads import BY_EMAIL
from ingestion.demo.company import Company, simulate
from ingestion.demo.customers import customer_records
from ingestion.demo.names import SHARED_EMAIL, TERMINAL_EMAIL, email, full_names
from ingestion.demo.parameters import SEND_CHANNELS, Parameters
from ingestion.demo.persons import GUEST_RECORD, STAFF_RECORD
from ingestion.demo.records import select, size
from ingestion.demo.service import CUSTOMER
from ingestion.demo.tables import ad_days, costs

TABLES = (
    "persons",
    "orders",
    "refunds",
    "returns",
    "tickets",
    "messages",
    "responses",
    "efforts",
    "ads",
    "sends",
    "statuses",
)


TIMES = {
    "at",
    "acquired_at",
    "replied_at",
    "solved_at",
    "closed_at",
    "rated_at",
    "refunded_at",
    "deleted_at",
    "told_at",
}


def test_same_arguments_give_the_same_company(small, as_of):
    again = simulate(seed=7, persons=800, months=3, as_of=as_of)
    for name in TABLES:
        for field in fields(getattr(small, name)):
            mine, other = (getattr(getattr(c, name), field.name) for c in (small, again))
            assert np.array_equal(mine, other), (name, field.name)


def test_another_seed_gives_another_company(small, as_of):
    other = simulate(seed=8, persons=800, months=3, as_of=as_of)
    assert not np.array_equal(small.orders.at[:50], other.orders.at[:50])


@pytest.mark.parametrize("days", [1, 20, 50])
def test_a_later_day_changes_nothing_that_was_known(small, as_of, days):
    later = simulate(7, 800, 3, as_of + timedelta(days=days), small.clock.first_month)
    changeable = {
        "refunded",
        "refunded_at",
        "deleted_at",
        "status",
        "replied_at",
        "solved_at",
        "closed_at",
        "rated_at",
        "stars",
    }
    for name in TABLES:
        rows = size(getattr(small, name))
        for field in fields(getattr(small, name)):
            if name in ("orders", "tickets") and field.name in changeable:
                continue
            mine, other = (getattr(getattr(c, name), field.name) for c in (small, later))
            assert np.array_equal(mine, other[:rows]), (name, field.name)


def test_nothing_is_known_before_it_happens(company):
    now = company.clock.as_of
    for name in TABLES:
        record = getattr(company, name)
        for field in fields(record):
            if field.name in TIMES:
                assert getattr(record, field.name).max() <= now, (name, field.name)


def test_a_ticket_that_comes_back_later_is_a_solved_one(small):
    """A desk shows a solve when it happens, and not only when it has lasted."""
    row = int(np.flatnonzero(small.tickets.reopened_at > 0)[-1])
    solved_at, reopened_at, solved_again_at = (
        int(getattr(small.tickets, name)[row])
        for name in ("solved_before_at", "reopened_at", "solved_at")
    )
    expected = (
        (solved_at, (0, 0, solved_at)),
        (reopened_at, (solved_at, reopened_at, 0)),
        (solved_again_at, (solved_at, reopened_at, solved_again_at)),
    )
    for now, times in expected:
        t = at_second(small, now).tickets
        assert (t.solved_before_at[row], t.reopened_at[row], t.solved_at[row]) == times


def test_an_answer_that_is_dated_before_its_ticket_comes_with_it(small):
    t = small.tickets
    row = int(np.flatnonzero((t.replied_at > 0) & (t.replied_at < t.at))[-1])
    before = at_second(small, int(t.at[row]) - 1)
    assert before.messages.ticket.max() < size(before.tickets) == row


def at_second(company: Company, second: int) -> Company:
    """Return the same company as it was at a moment."""
    as_of = datetime.fromtimestamp(second, UTC)
    return simulate(company.seed, company.count, company.months, as_of, company.clock.first_month)


def test_the_company_has_its_promised_size(company):
    sizes = {name: size(getattr(company, name)) for name in TABLES}
    assert 19_000 <= sizes["persons"] <= 21_000
    assert 90_000 <= sizes["orders"] <= 120_000
    assert 20_000 <= sizes["tickets"] <= 28_000
    assert 55_000 <= sizes["messages"] <= 80_000
    assert 55_000 <= sizes["sends"] <= 70_000
    assert 10_000 <= sizes["statuses"] <= 20_000


def test_the_activity_window_is_full_before_the_first_reported_month(company):
    first = company.clock.month_start[company.clock.history]
    assert (company.orders.at < first - 365 * 86_400).sum() > 10_000


def test_threads_point_back_in_time(company):
    said = company.statuses
    answers = said.parent >= 0
    assert (said.at[said.parent[answers]] < said.at[answers]).all()
    assert (company.tickets.replied_at[company.tickets.replied_at > 0] > 0).all()


def test_a_campaigns_e_mails_of_one_day_leave_at_one_time(company):
    sends, day_of = company.sends, company.clock.day_of
    mails = select(sends, sends.channel == SEND_CHANNELS.index("email"))
    days = np.unique(np.stack([mails.campaign, day_of(mails.at)]), axis=1)
    times = np.unique(np.stack([mails.campaign, mails.at]), axis=1)
    assert days.shape == times.shape
    assert (np.diff(sends.at) >= 0).all()


def test_who_has_left_does_nothing_more(company):
    """Neither orders nor tickets of theirs come, but for a ticket about what they had ordered."""
    leaving, orders, tickets = company.leaving, company.orders, company.tickets
    assert (leaving.at < company.clock.as_of).sum() > 1_000
    for person, at, days in ((orders.person, orders.at, 0), (tickets.person, tickets.at, 11)):
        known = person >= 0
        assert (at[known] <= leaving.at[person[known]] + days * 86_400).all()
    assert (company.lost.at > leaving.at[company.lost.person]).all()
    assert len(company.lost.at) > 2_000


def test_leaving_takes_out_what_leavers_would_have_done_and_changes_nothing_else(
    as_of, monkeypatch
):
    some = simulate(7, 2_000, 24, as_of)
    nobody = partial(Parameters, late_leaves=0.0, unsolved_leaves=0.0)
    monkeypatch.setattr("ingestion.demo.company.Parameters", nobody)
    everybody = simulate(7, 2_000, 24, as_of)
    assert size(everybody.lost) == 0

    def rows(company, *tables: str) -> Counter:
        names = ("person", "at", "amount")
        records = [getattr(company, table) for table in tables]
        columns = [np.concatenate([getattr(r, name) for r in records]) for name in names]
        return Counter(zip(*(column.tolist() for column in columns), strict=True))

    assert rows(some, "orders", "lost") == rows(everybody, "orders")
    assert size(some.lost) > 100
    for name in ("responses", "statuses"):
        for field in fields(getattr(some, name)):
            mine, other = (getattr(getattr(c, name), field.name) for c in (some, everybody))
            assert np.array_equal(mine, other), (name, field.name)


def test_what_points_to_orders_and_tickets_finds_its_own(company):
    orders, tickets = company.orders, company.tickets
    refunded = np.bincount(company.refunds.order, company.refunds.amount, size(orders))
    assert refunded == pytest.approx(orders.refunded)
    for record, name, at in (
        (company.refunds, "order", orders.at),
        (company.returns, "order", orders.at),
        (company.efforts, "ticket", tickets.solved_at),
    ):
        rows = getattr(record, name)
        assert (record.at > at[rows]).all()
        assert (at[rows] > 0).all()
    openings = company.messages.turn == 0
    customers = openings & (company.messages.author == CUSTOMER)
    assert (company.messages.at == tickets.at[company.messages.ticket])[customers].all()


def test_addresses_and_numbers_belong_to_nobody(company):
    records = customer_records(company)
    assert all(mail.lower().endswith(("example.com", "example.org")) for mail in records.email)
    numbers = {n.replace(" ", "").replace("-", "") for n in records.phone if n}
    assert all(re.fullmatch(r"\+1\d{3}55501\d\d(x\d+)?", n) for n in numbers)


def test_the_addresses_of_many_records_are_the_planted_ones(company):
    records, p = customer_records(company), company.parameters
    counts = Counter(mail.lower() for mail in records.email)
    assert counts.pop(SHARED_EMAIL) == p.shared_key_persons
    assert counts.pop(TERMINAL_EMAIL) == p.terminal_persons
    guests, people = company.persons.is_guest_shopper, full_names(company.persons.name)
    own = {email(people[i], i) for i in np.flatnonzero(guests).tolist()}
    assert {mail for mail, count in counts.items() if count > 2} <= own


def test_who_shares_the_terminals_address_has_a_phone_of_his_own(company):
    records = customer_records(company)
    phones = set(records.phone[records.email == TERMINAL_EMAIL])
    assert len(phones - {""}) == company.parameters.terminal_persons


def test_guests_who_come_again_show_nothing_but_one_address(company):
    records = customer_records(company)
    record = records.number
    new = (record >= GUEST_RECORD) & (record < STAFF_RECORD)
    counts = Counter(records.email[new])
    assert max(counts.values()) > 20
    shown = records.email.astype(str)
    everywhere = np.isin(shown, list(counts))
    assert not any(records.phone[everywhere])
    assert len(set(company.orders.record.tolist()) & set(record[new].tolist())) == new.sum()


def test_days_of_ads_and_other_costs_add_up_to_what_a_campaign_costs(company):
    table, ads, campaigns = costs(company), company.ads, company.campaigns
    over = company.clock.at(campaigns.last_day + 2, np.zeros(size(campaigns), int))
    ended = over <= company.clock.as_of
    media = table["eur"][table["kind"] == "media"].astype(float)
    charged = np.bincount(ads.campaign, ads.spend, size(campaigns))
    assert (media + charged)[ended] == pytest.approx(campaigns.media[ended])
    assert charged[ended & (campaigns.channel != BY_EMAIL)].min() > 0


def test_ads_have_their_planted_price_rate_and_frequency(company):
    ads, p = company.ads, company.parameters
    shown = ads.impressions.sum()
    assert 1_000 * ads.spend.sum() / shown == pytest.approx(p.ad_thousand_price, rel=0.02)
    assert ads.clicks.sum() / shown == pytest.approx(p.ad_click_rate, rel=0.1)
    assert shown / ads.reach.sum() == pytest.approx(p.ad_frequency, rel=0.02)


def test_no_day_of_ads_has_a_cost_of_media_that_would_take_its_place(company):
    table = costs(company)
    paid = set(zip(table["campaign"], table["day"], strict=True))
    told = ad_days(company)
    assert not paid & set(zip(told["campaign"], told["day"], strict=True))


def test_as_of_before_the_first_month_is_refused():
    with pytest.raises(ValueError, match="before the first month"):
        simulate(1, 200, 3, datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1).date())
