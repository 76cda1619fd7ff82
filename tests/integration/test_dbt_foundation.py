"""Persons, money, threads and business time, against cases counted by hand.

One company in Berlin, open on weekdays from 9 to 17, built once; each test reads what became
of the rows that stand for its risk.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.databases import open_database_for_dbt
from tests.fixtures.dbt_build import ALL_MODELS, DbtWarehouse

pytestmark = pytest.mark.postgres

LOADED = "2025-06-01T00:00:00Z"
CHAIN = 300

# Opened, replied (UTC), business minutes. Berlin is UTC+1 in winter, +2 from 30 March 2025.
BUSINESS_CASES = {
    "within one day": ("2025-01-08T09:00:00Z", "2025-01-08T09:30:00Z", 30),
    "before opening": ("2025-01-08T05:00:00Z", "2025-01-08T08:10:00Z", 10),
    "after closing": ("2025-01-08T15:30:00Z", "2025-01-08T20:00:00Z", 30),
    "over night": ("2025-01-08T15:50:00Z", "2025-01-09T08:05:00Z", 15),
    "over a weekend": ("2025-01-10T15:00:00Z", "2025-01-13T09:00:00Z", 120),
    "wholly on a weekend": ("2025-01-11T10:00:00Z", "2025-01-12T10:00:00Z", 0),
    "a whole week": ("2025-01-08T10:00:00Z", "2025-01-15T10:00:00Z", 5 * 480),
    "over the clock change": ("2025-03-28T15:00:00Z", "2025-03-31T08:00:00Z", 120),
}


@pytest.fixture(scope="module")
def company(server_url: str, work_dir: Path) -> Iterator[DbtWarehouse]:
    with open_database_for_dbt(server_url) as url:
        warehouse = DbtWarehouse(url, work_dir)
        warehouse.prepare()
        for load in (load_customers, load_orders, load_tickets, load_social, load_sends):
            load(warehouse)
        warehouse.build(
            ALL_MODELS,
            as_of="2025-06-01T00:00:00Z",
            company_time_zone="Europe/Berlin",
        )
        yield warehouse


def persons_of(company: DbtWarehouse, *customers: str) -> set[str]:
    keys = [key if ":" in key else f"shop:{key}" for key in customers]
    found = company.rows(
        "select person_id from intermediate.int_person_links where customer_key = any(%s)", keys
    )
    assert len(found) == len(keys)
    return {person for (person,) in found}


def column(company: DbtWarehouse, query: str, *values: Any) -> list[Any]:
    return [value for (value,) in company.rows(query, *values)]


def test_records_with_the_same_normalised_key_are_one_person(company: DbtWarehouse) -> None:
    assert len(persons_of(company, "mail1", "mail2")) == 1
    assert len(persons_of(company, "phone1", "phone2")) == 1
    assert len(persons_of(company, "mail1", "phone1")) == 2


def test_another_sources_id_and_a_handle_link_records(company: DbtWarehouse) -> None:
    assert len(persons_of(company, "desk:77", "mail1")) == 1
    assert len(persons_of(company, "mail1", "handle:chirp:mo")) == 1


def test_a_key_shared_by_too_many_links_nobody_and_says_so(company: DbtWarehouse) -> None:
    crowd = [f"crowd{i}" for i in range(6)]
    assert len(persons_of(company, *crowd)) == 6
    refused = company.rows(
        "select record_count, reason from intermediate.int_identity_evidence where not is_accepted"
    )
    assert len(refused) == 6
    assert refused[0] == (6, "refused: records with more than 5 other identifiers share this email")


def test_evidence_holds_no_address(company: DbtWarehouse) -> None:
    rows = column(company, "select row(e.*)::text from intermediate.int_identity_evidence e")
    assert rows
    assert not any("@" in row for row in rows)


def test_a_long_chain_of_records_is_one_person(company: DbtWarehouse) -> None:
    assert len(persons_of(company, *(f"chain{i}" for i in range(CHAIN)))) == 1


def test_persons_id_is_that_of_the_smallest_record(company: DbtWarehouse) -> None:
    expected = column(company, "select md5('desk:77')")
    assert persons_of(company, "mail1") == set(expected)


def test_a_person_is_named_by_a_handle_only_where_there_is_no_customer(
    company: DbtWarehouse,
) -> None:
    """A customer whose handle becomes known would be another person else."""
    customers = column(
        company,
        "select count(*) from intermediate.int_person_links as named"
        " inner join intermediate.int_persons as p using (person_id)"
        " where named.is_handle_record and p.customer_count > 0"
        " and p.person_id = md5(named.customer_key)",
    )
    assert customers == [0]
    assert column(
        company,
        "select count(*) > 0 from intermediate.int_persons where customer_count > 0"
        " and handle_count > 0",
    ) == [True]


def test_one_staff_record_excludes_the_person_everywhere(company: DbtWarehouse) -> None:
    assert column(company, "select order_key from intermediate.int_orders") != []
    orders = column(company, "select order_key from intermediate.int_orders")
    assert "shop:staff" not in orders
    (person,) = persons_of(company, "staff")
    assert not company.rows("select 1 from intermediate.int_persons where person_id = %s", person)


def test_company_handles_are_no_persons(company: DbtWarehouse) -> None:
    keys = column(company, "select customer_key from intermediate.int_person_links")
    assert not {"handle:chirp:ourbrand", "handle:chirp:agentsmith"} & set(keys)


def test_a_customer_known_only_by_an_order_is_a_person(company: DbtWarehouse) -> None:
    assert persons_of(company, "unlisted")


@pytest.mark.parametrize(
    ("order", "net", "margin"),
    [("plain", 100, 40), ("part refund", 75, 30), ("dollars", 50, None), ("no rate", None, None)],
)
def test_amounts_are_net_and_in_the_companys_currency(
    company: DbtWarehouse, order: str, net: float | None, margin: float | None
) -> None:
    found = company.rows(
        "select net_amount, margin_amount from intermediate.int_orders where order_key = %s",
        f"shop:{order}",
    )
    assert found == [(net, margin)]


def test_cancelled_and_test_orders_count_nowhere(company: DbtWarehouse) -> None:
    orders = column(company, "select order_key from intermediate.int_orders")
    assert not {"shop:cancelled", "shop:trial"} & set(orders)


def test_the_month_is_the_companys_not_utcs(company: DbtWarehouse) -> None:
    months = column(
        company,
        "select period_start::text from intermediate.int_orders where order_key = 'shop:late'",
    )
    assert months == ["2025-02-01"]


@pytest.mark.parametrize("case", BUSINESS_CASES)
def test_business_minutes_as_counted_by_hand(company: DbtWarehouse, case: str) -> None:
    opened, replied, business = BUSINESS_CASES[case]
    found = company.rows(
        "select first_reply_minutes, first_reply_business_minutes"
        " from intermediate.int_conversations where conversation_key = %s",
        f"ticket:shop:{case}",
    )
    calendar = datetime.fromisoformat(replied) - datetime.fromisoformat(opened)
    assert found == [(calendar.total_seconds() / 60, business)]


def test_bots_notes_and_earlier_messages_are_no_first_reply(company: DbtWarehouse) -> None:
    replied = column(
        company,
        "select first_reply_at from intermediate.int_conversations"
        " where conversation_key = 'ticket:shop:noisy'",
    )
    assert replied == [datetime(2025, 1, 8, 14, tzinfo=UTC)]


def test_only_the_first_public_message_of_a_thread_opens_it(company: DbtWarehouse) -> None:
    openings = column(
        company,
        "select conversation_key from intermediate.int_conversations"
        " where conversation_kind = 'social' order by 1",
    )
    assert openings == ["social:shop:s1", "social:shop:s5", "social:shop:s7"]


def test_a_follow_up_belongs_to_the_opening_and_a_circle_to_nothing(company: DbtWarehouse) -> None:
    found = dict(
        company.rows("select message_key, conversation_key from intermediate.int_messages")
    )
    assert {found[f"shop:s{i}"] for i in (1, 2, 3)} == {"social:shop:s1"}
    assert found["shop:s4"] is None
    assert found["shop:s8"] is None


def test_mentions_leave_out_reposts_spam_tickets_and_the_company(company: DbtWarehouse) -> None:
    mentions = column(
        company,
        "select message_key from intermediate.int_messages where is_mention order by 1",
    )
    assert mentions == ["shop:s1", "shop:s3", "shop:s5", "shop:s7", "shop:s8", "shop:s9"]


def test_a_negative_opening_is_a_complaint_only_where_the_desk_is_silent(
    company: DbtWarehouse,
) -> None:
    complaints = column(
        company,
        "select conversation_key from intermediate.int_conversations where is_complaint",
    )
    assert set(complaints) == {"ticket:shop:angry", "ticket:shop:said so", "social:shop:s1"}


def test_a_send_meets_an_open_complaint_only_between_opening_and_answer(
    company: DbtWarehouse,
) -> None:
    met = column(company, "select touch_key from marts.campaign_sends where touch_key is not null")
    assert set(met) == {"shop:during", "shop:still open"}
    others = company.rows(
        "select sum(send_count), sum(judged_send_count), sum(open_complaint_send_count)"
        " from marts.campaign_sends where touch_key is null"
    )
    assert others == [(4, 4, 0)]


def test_an_unanswered_contact_is_watched_until_as_of_or_sixty_days(company: DbtWarehouse) -> None:
    watched = dict(
        company.rows(
            "select conversation_key, observed_minutes from marts.conversations"
            " where first_reply_at is null"
        )
    )
    assert watched["ticket:shop:said so"] == 60 * 1440
    assert watched["ticket:shop:recent"] == 1440


def load_customers(warehouse: DbtWarehouse) -> None:
    warehouse.load(
        "customers",
        [
            {"customer_id": "mail1", "email": " Mo@Example.org "},
            {"customer_id": "mail2", "email": "mo@example.ORG"},
            {"customer_id": "phone1", "phone": "+49 (30) 123-4567"},
            {"customer_id": "phone2", "phone": "0049 30 1234567"},
            {"customer_id": "staff", "email": "sue@example.org", "is_staff": True},
            {"customer_id": "staff private", "email": "sue@example.org"},
            {"customer_id": "77", "source_name": "desk"},
            *(
                {
                    "customer_id": f"crowd{i}",
                    "email": "all@example.org",
                    "phone": f"+49 30 765432{i}",
                }
                for i in range(6)
            ),
            *({"customer_id": f"chain{i}"} for i in range(CHAIN)),
        ],
        LOADED,
    )
    links = [(f"chain{i}", "email", f"link{j}@x.org") for i in range(CHAIN) for j in (i, i + 1)]
    links += [("mail1", "desk", "77"), ("mail2", "Chirp", "@Mo")]
    names = ("customer_id", "identity_type", "identity_value")
    warehouse.load(
        "customer_identities", [dict(zip(names, each, strict=True)) for each in links], LOADED
    )


def load_orders(warehouse: DbtWarehouse) -> None:
    rates = [("USD", "2025-01-01", 0.25), ("USD", "2025-01-10", 0.5), ("USD", "2025-02-01", 0.75)]
    names = ("currency", "rate_date", "rate")
    warehouse.load(
        "exchange_rates", [dict(zip(names, each, strict=True)) for each in rates], LOADED
    )

    def order(key: str, customer: str | None = "mail1", **more: Any) -> dict[str, Any]:
        row = {"order_id": key, "customer_id": customer, "ordered_at": "2025-01-15T12:00:00Z"}
        return {**row, "gross_amount": 100, **more}

    warehouse.load(
        "orders",
        [
            order("plain", margin_amount=40),
            order("part refund", refunded_amount=25, margin_amount=40),
            order("dollars", currency="usd"),
            order("no rate", currency="JPY"),
            order("cancelled", status="cancelled"),
            order("trial", status="test"),
            order("staff", "staff private"),
            order("late", None, ordered_at="2025-01-31T23:30:00Z"),
            order("only order", "unlisted"),
        ],
        LOADED,
    )


def load_tickets(warehouse: DbtWarehouse) -> None:
    for case, (opened, replied, _) in BUSINESS_CASES.items():
        ticket(warehouse, case, opened, kind="question")
        message(warehouse, f"{case} reply", replied, "outbound", ticket_id=case)
    ticket(warehouse, "noisy", "2025-01-08T10:00:00Z")
    for hour, more in (
        (9, {}),
        (11, {"author_kind": "bot"}),
        (12, {"is_internal": True}),
        (14, {"author_kind": "agent"}),
    ):
        at = f"2025-01-08T{hour:02}:00:00Z"
        message(warehouse, f"noisy {hour}", at, "outbound", ticket_id="noisy", **more)
    ticket(warehouse, "angry", "2025-03-01T10:00:00Z", solved_at="2025-03-05T10:00:00Z")
    message(warehouse, "angry words", "2025-03-01T10:00:00Z", ticket_id="angry", text="bad")
    ticket(warehouse, "said so", "2025-03-20T10:00:00Z", customer_id="mail2", kind="complaint")
    ticket(warehouse, "recent", "2025-05-31T00:00:00Z", kind="question")
    message(warehouse, "recent words", "2025-05-31T00:00:00Z", ticket_id="recent", text="bad")
    ticket(warehouse, "junk", "2025-03-01T10:00:00Z", status="spam")
    warehouse.execute(
        "insert into analytics.text_scores"
        " values (md5('bad'), 'vader', '1', 'en', -0.5, 'negative', now())"
    )


def load_social(warehouse: DbtWarehouse) -> None:
    def social(number: int, direction: str = "inbound", **more: Any) -> None:
        at = f"2025-02-{number:02}T10:00:00Z"
        message(warehouse, f"s{number}", at, direction, channel="chirp", **more)

    account = {"network": "chirp", "account_id": "1", "handle": "@OurBrand", "is_brand": True}
    warehouse.load("social_accounts", [account], LOADED)
    social(1, author_handle="Mo", text="bad")
    social(2, "outbound", in_reply_to_id="s1", author_handle="AgentSmith")
    social(3, author_handle="mo", in_reply_to_id="s2")
    social(4, "outbound", author_handle="OurBrand")
    social(5, author_handle="ida", in_reply_to_id="s4")
    social(6, author_handle="ida", repost_of_id="s1")
    social(7, author_handle="kim", in_reply_to_id="gone")
    social(8, author_handle="lee", in_reply_to_id="s9")
    social(9, author_handle="lee", in_reply_to_id="s8")
    social(10, author_handle="spammer", is_spam=True)
    social(11, "outbound", in_reply_to_id="s5", author_handle="OurBrand")


def load_sends(warehouse: DbtWarehouse) -> None:
    sends = [
        ("before", "mail1", "2025-02-28"),
        ("during", "mail2", "2025-03-02"),
        ("answered", "mail1", "2025-03-06"),
        ("still open", "mail1", "2025-04-01"),
        ("expired", "mail1", "2025-05-01"),
        ("stranger", "phone1", "2025-03-02"),
    ]
    rows = [
        {"touch_id": key, "campaign_id": "c", "customer_id": customer, "sent_at": at}
        for key, customer, at in sends
    ]
    warehouse.load("campaign_touches", rows, LOADED)


def ticket(warehouse: DbtWarehouse, key: str, opened: str, **more: Any) -> None:
    row = {"ticket_id": key, "customer_id": "mail1", "created_at": opened, **more}
    warehouse.load("tickets", [row], LOADED)


def message(
    warehouse: DbtWarehouse, key: str, at: str, direction: str = "inbound", **more: Any
) -> None:
    row = {"message_id": key, "sent_at": at, "direction": direction, "is_public": True, **more}
    warehouse.load("messages", [row], LOADED)
