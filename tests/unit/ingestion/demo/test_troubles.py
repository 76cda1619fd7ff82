"""Each kind of trouble must be in the exports, or no test can find that it is handled."""

import csv
import io

import numpy as np

from ingestion.demo.clock import DAY
from ingestion.demo.commerce import CANCELLED, DELETED, REFUNDED
from ingestion.demo.exports import EXPORTS
from ingestion.demo.parameters import Parameters
from ingestion.demo.records import size
from ingestion.demo.returns import STORE
from ingestion.demo.servers.storefront import OrderList
from ingestion.demo.service import REGULAR

P = Parameters()
TILLS = "shop/till_orders.csv"


def exported(company, path: str) -> list[dict[str, str]]:
    """Return all rows of one of the CSV files, without its flaws."""
    export = next(each for each in EXPORTS if each.path == path)
    table = export.table(company)
    del table["_changed"]
    encoding, delimiter = ("latin-1", ";") if path == TILLS else ("utf-8", ",")
    text = io.StringIO(export.encode(table, True).decode(encoding))
    return list(csv.DictReader(text, delimiter=delimiter))


def test_an_order_is_refunded_several_times_and_in_later_months(company):
    refunds, orders, clock = company.refunds, company.orders, company.clock
    parts = np.bincount(np.bincount(refunds.order))
    assert parts[1] > parts[2] > parts[3] > 100
    later = clock.month_of(refunds.at) > clock.month_of(orders.at[refunds.order])
    assert 0.2 < later.mean() < 0.9
    assert (refunds.at > orders.at[refunds.order]).all()


def test_refunds_never_exceed_their_order(company):
    refunds, orders = company.refunds, company.orders
    back = np.bincount(refunds.order, refunds.amount, size(orders))
    assert (back <= orders.amount + 0.001).all()
    assert (refunds.amount > 0).all()
    whole = orders.status == REFUNDED
    assert np.allclose(back[whole], orders.amount[whole])
    assert not np.isin(orders.status[back > 0], (CANCELLED, DELETED)).any()


def test_returns_at_the_till_are_orders_below_zero(company):
    rows = exported(company, TILLS)
    totals = {row["Bon"]: float(row["Summe"].replace(",", ".")) for row in rows}
    below = {number: total for number, total in totals.items() if total < 0}
    assert len(below) == size(company.returns) > 300
    for number, total in below.items():
        assert -total <= totals[number.replace("R", "W")]
    sold = company.orders.status[company.returns.order]
    assert not np.isin(sold, (CANCELLED, DELETED)).any()
    assert (company.orders.channel[company.returns.order] == STORE).all()


def test_deleted_orders_are_marked_and_stay_where_they_were(company):
    shop = OrderList(company)
    tags = [node["tags"] for node in shop.nodes(0, len(shop.changed))]
    at_tills = sum(row["Gelöscht"] == "ja" for row in exported(company, TILLS))
    marked = at_tills + tags.count(["deleted"])
    assert at_tills > 50
    assert marked == (company.orders.status == DELETED).sum()
    assert 0.8 < marked / (P.deleted_share * size(company.orders)) < 1.1


def test_some_answers_name_nobody(company):
    nobody = company.responses.person < 0
    months = company.clock.months - company.clock.history + P.touch_history_months
    wanted = P.anonymous_per_month * company.count * months
    assert 0.9 * wanted < nobody.sum() <= wanted
    assert (company.responses.record[nobody] == 0).all()


def test_clocks_differ_by_less_than_five_minutes(company):
    tickets = company.tickets
    for at, wanted in ((tickets.replied_at, 100), (tickets.solved_at, 25)):
        early = np.where(at > 0, tickets.at - at, 0)
        assert early.max() < 300
        assert (early > 0).sum() > wanted
    assert (tickets.at - tickets.solved_at)[tickets.solved_at > 0].max() == 1


def test_efforts_are_answers_on_their_scale(company):
    rows = exported(company, "desk/effort.csv")
    assert {row["ease"] for row in rows} == set("1234567")
    assert len({row["scale"] for row in rows}) == 1
    tickets = [row["ticket_id"] for row in rows]
    assert len(tickets) - len(set(tickets)) > 50
    assert len({row["answer_no"] for row in rows}) == len(rows)


def test_nothing_waits_at_the_desk_for_ever(company, known):
    tickets, now = company.tickets, company.clock.as_of
    unsolved = (tickets.fate == REGULAR) & (tickets.solved_at == 0) & (tickets.closed_at == 0)
    assert (tickets.at[unsolved] > now - (P.stale_days + 92) * DAY).all()
    backlog, volume = (
        [row.value for row in known.series(name).values()] for name in ("backlog", "ticket_volume")
    )
    first, last = (sum(backlog[part]) / sum(volume[part]) for part in (slice(6), slice(-6, None)))
    assert last < 1.3 * first
