"""Risk: a sale is credited twice, to nobody's touch, or to one that never reached the customer."""

import random
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from analytics.credit.keeping import compute_credit
from tests.fixtures import dbt_build
from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF, LOADED_AT, NOW

pytestmark = pytest.mark.postgres

PATHS = f"{dbt_build.PATHS} int_credit_weights"
CREDIT = "int_credit_shares int_credit_months credited_sales credited_touches int_credit_measures"
CREDIT += " int_credit_revenue_shares"
WINDOW = timedelta(days=90)
DEPARTMENTS = ("marketing", "service")
DESK, ASKED = "service email assist", "customer email contact"
Row = dict[str, Any]


def test_each_sale_is_owed_to_what_came_before_it(warehouse: DbtWarehouse) -> None:
    build(warehouse, **cases())
    shared = credited(warehouse)
    both = {department: shared.pop(("first sale", department)) for department in DEPARTMENTS}
    assert sum(both.values()) == pytest.approx(100)
    assert all(credit > 0 for credit in both.values())
    assert shared == {
        ("within", "marketing"): 100,
        ("too early", "none"): 100,
        ("unopened", "none"): 100,
        ("bounced", "none"): 100,
        ("guest", "none"): 50,
        ("second sale", "none"): 30,
        ("bought", "marketing"): 100,
        ("returned", "marketing"): -40,
        ("openings unknown", "marketing"): 100,
        ("two campaigns", "marketing"): 100,
    }
    campaigns_credited = warehouse.rows(
        "select campaign, credit::float8 from marts.credited_touches where brand = 'two campaigns'"
    )
    assert dict(campaigns_credited) == {"shop:spring": 75, "shop:late": 25}


def cases() -> dict[str, list[Row]]:
    """Return a company of which each brand is a case of its own."""
    sends = [
        send("0", "first", "2024-10-01"),
        send("1", "a", "2025-03-01"),
        send("2", "a", "2025-03-20", campaign_id="late"),
        send("3", "old", "2024-12-01"),
        send("4", "unopened", "2025-03-01", status="delivered"),
        send("5", "bounced", "2025-03-01", status="bounced"),
        send("6", "asked", "2025-03-01"),
        send("7", "back", "2025-03-01"),
        send("8", "paper", "2025-03-01", status="delivered", source_name="post"),
        *(send(f"9{day}", "two", f"2025-03-0{day}") for day in (1, 2, 3)),
        send("94", "two", "2025-03-04", campaign_id="late"),
    ]
    orders = [
        order("1", "a", "2025-03-10", 100, brand="within"),
        order("2", "old", "2025-03-10", 100, brand="too early"),
        order("3", "unopened", "2025-03-10", 100, brand="unopened"),
        order("4", "bounced", "2025-03-10", 100, brand="bounced"),
        order("5", None, "2025-03-10", 50, brand="guest"),
        order("6", "asked", "2025-03-10", 100, brand="first sale"),
        order("7", "asked", "2025-03-11", 30, brand="second sale"),
        order("8", "back", "2025-03-10", 100, brand="bought"),
        order("9", "back", "2025-04-11", -40, brand="returned"),
        order("10", "paper", "2025-03-10", 100, brand="openings unknown", source_name="post"),
        order("11", "two", "2025-03-10", 100, brand="two campaigns"),
    ]
    campaigns = [{"campaign_id": name, "name": name} for name in ("spring", "late")]
    # The answer comes in the second of the first sale, hence before it.
    desk = desk_work(("first", "2024-10-02", "2024-10-02"), ("asked", "2025-03-05", "2025-03-10"))
    return {"campaigns": campaigns, "campaign_touches": sends, "orders": orders, **desk}


def test_sales_before_both_departments_are_known_are_not_shared(warehouse: DbtWarehouse) -> None:
    orders = [order(str(day), "a", f"2025-0{day}-20", 10) for day in (1, 2, 3, 4, 5)]
    desk = desk_work(("a", "2025-01-10", "2025-01-10"))
    build(warehouse, campaign_touches=[send("1", "a", "2024-06-01")], orders=orders, **desk)
    months = warehouse.rows("select distinct period_start from marts.credited_sales order by 1")
    assert months == [(date(2025, 5, 1),)], "the first month that begins 90 days after 10 January"


def test_the_work_of_one_department_alone_is_no_joint_credit(warehouse: DbtWarehouse) -> None:
    sends, orders = [send("1", "a", "2025-03-01")], [order("1", "a", "2025-03-10", 100)]
    for touches in ({}, {"campaign_touches": sends}):
        build(warehouse, orders=orders, **touches)
        assert warehouse.rows("select * from intermediate.int_credit_measures") == []


def test_a_company_of_many_paths_has_the_credit_that_python_counts(warehouse: DbtWarehouse) -> None:
    company = many_paths(random.Random(3))
    build(warehouse, **company)
    paths = paths_of(company)
    for month in (date(2025, 2, 1), date(2025, 4, 1)):
        figures = warehouse.rows(
            "select segment_value, numerator, denominator, value, ci_low, ci_high"
            " from intermediate.int_credit_measures where metric_id = 'joint_credit_share'"
            " and segment_name in ('company', 'department') and period_start = %s",
            month,
        )
        expected, revenue = credit_of(paths, month)
        expected["all"] = expected["marketing"] + expected["service"]
        assert {row[0] for row in figures} == {"all", "none", *DEPARTMENTS}
        for department, credit, whole, share, low, high in figures:
            assert float(credit) == pytest.approx(expected[department], abs=0.001)
            assert float(whole) == pytest.approx(revenue, abs=0.001)
            assert department == "none" or low < share < high
        touches = "select sum(credit) from marts.credited_touches where period_start = %s"
        ((credit,),) = warehouse.rows(touches, month)
        assert float(credit) == pytest.approx(expected["all"], abs=0.01)

    # All guests in one group would be drawn together, or not at all.
    guests = "select count(distinct person_group) from intermediate.int_credit_sets"
    assert warehouse.rows(f"{guests} where states = ''")[0][0] > 20

    every_figure = "select * from intermediate.int_credit_measures order by 1, 2, 4, 5"
    figures = warehouse.rows(every_figure)
    build(warehouse, **{entity: rows[::-1] for entity, rows in company.items()})
    assert warehouse.rows(every_figure) == figures, "the order of rows changed a digit"


def test_a_later_sale_leaves_the_effects_of_earlier_months_alone(warehouse: DbtWarehouse) -> None:
    """The desk's answer earns nothing; 34 days before the sale a campaign is opened."""
    company: dict[str, list[Row]] = {
        "campaign_touches": [
            send("1", "bought", "2025-02-01"),
            send("2", "both", "2025-03-01"),
            send("3", "late", "2025-03-15"),
        ],
        "orders": [
            order("1", "bought", "2025-02-10", 100),
            order("2", "asked", "2025-02-10", 100),
            order("3", "both", "2025-03-10", 100),
            order("4", "late", "2025-04-18", 100),
        ],
        **desk_work(
            ("asked", "2025-02-01", "2025-02-02"),
            ("both", "2025-03-02", "2025-03-03"),
            ("late", "2024-12-28", "2024-12-30"),
        ),
    }
    effects = "select * from analytics.credit_effects where period_start = '2025-03-01' order by 2"
    before = company | {"orders": company["orders"][:-1]}
    build(warehouse, {"as_of": "2025-04-10T00:00:00+00:00"}, **before)
    known_in_march = warehouse.rows(effects)
    build(warehouse, **company)
    assert warehouse.rows(effects) == known_in_march


def build(
    warehouse: DbtWarehouse, variables: Mapping[str, Any] | None = None, **entities: list[Row]
) -> None:
    """Load, and build as a run does: paths, their credit, the rest."""
    variables = AS_OF | (variables or {})
    for entity in entities:
        warehouse.execute(f"delete from raw.{entity}")
    for entity, rows in entities.items():
        warehouse.load(entity, rows, LOADED_AT)
    known = {
        (row.get("source_name", "shop"), row["customer_id"])
        for rows in entities.values()
        for row in rows
        if row.get("customer_id")
    }
    customers = [{"source_name": source, "customer_id": each} for source, each in known]
    warehouse.load("customers", customers, LOADED_AT)
    warehouse.build(PATHS, **variables)
    compute_credit(warehouse.url)
    warehouse.build(CREDIT, **variables)


def credited(warehouse: DbtWarehouse) -> dict[tuple[str, str], float]:
    rows = warehouse.rows(
        "select brand, department, sum(revenue)::float8 from marts.credited_sales"
        " where revenue <> 0 group by 1, 2"
    )
    return {(brand, department): revenue for brand, department, revenue in rows}


def send(key: str, customer: str, day: str, status: str = "opened", **more: Any) -> Row:
    sent = {"touch_id": key, "campaign_id": "spring", "channel": "email", **more}
    return sent | {"customer_id": customer, "sent_at": f"{day}T08:00:00+00:00", "status": status}


def order(key: str, customer: str | None, day: str, amount: float, **more: Any) -> Row:
    ordered = {"order_id": key, "customer_id": customer, "gross_amount": amount, **more}
    return ordered | {"ordered_at": f"{day}T08:00:00+00:00"}


def desk_work(*asked_and_answered: tuple[str, str, str]) -> dict[str, list[Row]]:
    """Return tickets with a customer's words on one day and an answer on another."""
    tickets, messages = [], []
    for customer, asked, answered in asked_and_answered:
        ticket = {"ticket_id": customer, "customer_id": customer, "channel": "email"}
        tickets.append(ticket | {"status": "open", "created_at": f"{asked}T07:00:00+00:00"})
        word = message(f"{customer} asks", customer, "inbound", f"{asked}T07:00:00+00:00")
        answer = message(f"{customer} hears", customer, "outbound", f"{answered}T08:00:00+00:00")
        messages += [word, answer]
    return {"tickets": tickets, "messages": messages}


def message(key: str, ticket: str, direction: str, at: str) -> Row:
    said = {"message_id": key, "ticket_id": ticket, "direction": direction, "channel": "email"}
    return said | {"sent_at": at, "is_public": False}


def many_paths(generator: random.Random) -> dict[str, list[Row]]:
    """Return 60 persons with sends, tickets, answers and orders at random minutes of a year."""
    sends, tickets, messages, orders = [], [], [], []

    def at() -> str:
        moment = NOW - timedelta(minutes=generator.randrange(400 * 1440))
        return moment.isoformat()

    for number in range(600):
        customer = f"p{generator.randrange(60)}"
        channel = generator.choice(["email", "push"])
        sent = {"touch_id": f"s{number}", "campaign_id": "K", "channel": channel}
        sends.append(sent | {"customer_id": customer, "sent_at": at(), "status": "clicked"})
    for number in range(150):
        customer, opened = f"p{generator.randrange(60)}", at()
        ticket = {"ticket_id": f"t{number}", "channel": "email", "status": "open"}
        tickets.append(ticket | {"customer_id": customer, "created_at": opened})
        answered = datetime.fromisoformat(opened) + timedelta(minutes=generator.randrange(1, 900))
        messages.append(message(f"a{number}", f"t{number}", "outbound", answered.isoformat()))
    for number in range(250):
        customer = f"p{generator.randrange(60)}" if generator.random() < 0.9 else None
        amount = generator.randrange(1000, 20000) / 100
        ordered = {"order_id": f"o{number}", "customer_id": customer, "ordered_at": at()}
        orders.append(ordered | {"gross_amount": amount})
    return {"campaign_touches": sends, "tickets": tickets, "messages": messages, "orders": orders}


def paths_of(company: dict[str, list[Row]]) -> list[tuple[date, list[str], float | None]]:
    """Return each path: the month of its end, its states, and the revenue it ended in, if any."""
    touches, sales = defaultdict(list), defaultdict(list)
    owner = {row["ticket_id"]: row["customer_id"] for row in company["tickets"]}
    for row in company["campaign_touches"]:
        state = f"marketing {row['channel']} outbound"
        touches[row["customer_id"]].append((moment_of(row["sent_at"]), state))
    for row in company["tickets"]:
        touches[row["customer_id"]].append((moment_of(row["created_at"]), ASKED))
    for row in company["messages"]:
        if moment_of(row["sent_at"]) <= NOW:
            touches[owner[row["ticket_id"]]].append((moment_of(row["sent_at"]), DESK))
    paths = []
    for row in company["orders"]:
        if row["customer_id"] is None:
            paths.append((month_of(row["ordered_at"]), [], row["gross_amount"]))
        else:
            sales[row["customer_id"]].append((moment_of(row["ordered_at"]), row["gross_amount"]))
    for person in {*touches, *sales}:
        paths += paths_of_person(sorted(touches[person]), sorted(sales[person]))
    return paths


def paths_of_person(
    touches: list[tuple[datetime, str]], sales: list[tuple[datetime, float]]
) -> list[tuple[date, list[str], float | None]]:
    paths, lost, taken = [], defaultdict(list), {}

    def window_of(then: datetime) -> tuple[datetime, int]:
        since = max((at for at, _ in sales if at < then), default=touches[0][0])
        return since, (then - since) // WINDOW

    for at, amount in sales:
        before = max((other for other, _ in sales if other < at), default=None)
        led = [
            (then, state)
            for then, state in touches
            if (before is None or then > before) and at - WINDOW <= then <= at
        ]
        paths.append((month_of(at.isoformat()), [state for _, state in led], amount))
    for then, state in touches:
        if sold := [at for at, _ in sales if then <= at <= then + WINDOW]:
            taken[window_of(then)] = sold[0]
        else:
            lost[window_of(then)].append((then, state))
    for window, path in lost.items():
        ended = max(path[-1][0] + WINDOW, taken.get(window, path[-1][0]))
        if ended <= NOW:
            paths.append((month_of(ended.isoformat()), [state for _, state in path], None))
    return paths


def credit_of(
    paths: list[tuple[date, list[str], float | None]], month: date
) -> tuple[dict[str, float], float]:
    """Return the credit of each department, and the revenue, of a month's sales."""
    since = date(month.year - 1, month.month, 1)
    chain = [
        (states, amount) for ended, states, amount in paths if states and since < ended <= month
    ]
    whole = conversion(chain, None)
    effects = {
        state: 1 - conversion(chain, state) / whole for states, _ in chain for state in states
    }
    credit: dict[str, float] = defaultdict(float)
    revenue = 0.0
    for ended, states, amount in paths:
        if ended != month or amount is None:
            continue
        revenue += amount
        ours = sorted(state for state in set(states) if not state.startswith("customer"))
        weight = sum(effects[state] for state in ours)
        for state in ours:
            credit[state.split()[0]] += amount * effects[state] / weight
        if not ours:
            credit["none"] += amount
    return credit, revenue


def conversion(chain: list[tuple[list[str], float | None]], removed: str | None) -> float:
    """Return the probability of a sale if whoever comes to `removed` leaves."""
    steps: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for states, amount in chain:
        end = "nothing" if amount is None else "sale"
        for here, there in zip(["start", *states], [*states, end], strict=True):
            steps[here][there] += 1
    kept = [state for state in steps if state != removed]
    matrix, rest = np.eye(len(kept)), np.zeros(len(kept))
    for row, state in enumerate(kept):
        leaving = sum(steps[state].values())
        rest[row] = steps[state]["sale"] / leaving
        for column, other in enumerate(kept):
            matrix[row, column] -= steps[state][other] / leaving
    return float(np.linalg.solve(matrix, rest)[kept.index("start")])


def moment_of(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(UTC)


def month_of(at: str) -> date:
    return moment_of(at).date().replace(day=1)
