"""Gate 1 lets good arrivals in, and names the place of each fault that was put into them."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import psycopg
import pytest

from analytics.identifiers import keeping, normalising
from analytics.identifiers.normalising import Rules
from dashboards.scorecard import publication
from expectations.validate import WARNING, ArrivalLimits, Outcome, arrival
from ingestion.loading import prepare
from orchestration.defs.validation import arriving_entities
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres

AS_OF = datetime(2025, 6, 10, 12, tzinfo=UTC)
LIMITS = ArrivalLimits(
    minimum_volume_share=0.6,
    maximum_volume_ratio=3,
    freshness_days=3,
    maximum_quarantined_share=0.05,
    maximum_folded_share=0.05,
    brands=("Harbour Coffee", "Tern"),
)

PUBLISHED = """
insert into concord.publications (
    happened_at, state, company_name, is_demo, currency, time_zone, rows, gates, reasons,
    definition_versions
)
values ({happened_at}, '{state}', 'Company', false, 'EUR', 'UTC', 0, '[]', '[]', '{{}}');
"""

# Ten orders a day for 20 weeks; those of the last 7 days came after the last publication.
GOOD = """
insert into raw.orders (
    source_name, order_id, customer_id, ordered_at, gross_amount, currency, status, channel,
    brand, loaded_at, row_hash
)
select
    'shop', format('%s-%s', day, number), format('c%s', number),
    timestamptz '2025-06-10 00:00+00' - day * interval '1 day' + number * interval '1 hour',
    40 + number, 'EUR', 'completed', case number when 1 then 'store' else 'web' end,
    case number when 2 then 'Tern' when 3 then null else 'Harbour Coffee' end,
    timestamptz '2025-06-10 12:00+00' - day * interval '1 day', 1
from generate_series(0, 139) as day, generate_series(1, 10) as number
where day > 0 or number < 10;

insert into concord.loads
select 'load', 'shop', 'files', 'orders', 'orders.csv', 1400, 1399, 1, 1399, 0, 0, now(), now();

""" + PUBLISHED.format(happened_at="'2025-06-02 18:00+00'", state="published")
NEW = "ordered_at >= '2025-06-03'"

FAULTS = {
    "halved volume": (
        f"delete from raw.orders where {NEW} and right(order_id, 1) > '4'",
        "volume",
        "orders.ordered_at",
        "Source shop brought 35 rows of orders for the 7 days before 10 June 2025,"
        " where a usual week has 70; between 42 and 210 are expected",
    ),
    "tenfold volume": (
        f"""
        insert into raw.orders
        select orders.* from generate_series(1, 9) as copy, lateral (
            select (jsonb_populate_record(
                orders, jsonb_build_object('order_id', order_id || '/' || copy)
            )).*
            from raw.orders as orders where {NEW}
        ) as orders
        """,
        "volume",
        "orders.ordered_at",
        "brought 700 rows of orders for the 7 days before",
    ),
    "stale source": (
        "delete from raw.orders where ordered_at >= '2025-06-01'",
        "freshness",
        "orders.ordered_at",
        "The newest row of orders from source shop is of 31 May 2025, 10 days ago;"
        " freshness_days under [gates] in concord.toml allows 3",
    ),
    "rows of the future": (
        "update raw.orders set ordered_at = '2025-10-06' where order_id = '0-1'",
        "future",
        "orders.ordered_at",
        "Source shop brought 1 row of orders whose ordered_at lies more than a day in the future",
    ),
    "a column that lost its values": (
        f"update raw.orders set channel = null where {NEW}",
        "null rate",
        "orders.channel",
        "Column channel of orders from source shop is empty in 100 % of the 79 new rows,"
        " and was in 0 % of those before",
    ),
    "amounts in cents": (
        f"update raw.orders set gross_amount = gross_amount * 100 where {NEW}",
        "range",
        "orders.gross_amount",
        "The mean gross_amount of orders from source shop is",
    ),
    "a brand that nobody configured": (
        f"update raw.orders set brand = 'Turn' where {NEW} and brand = 'Tern'",
        "brand",
        "orders.brand",
        "Source shop brought 8 rows of orders with the brand 'Turn'; only brands of [company] in"
        " concord.toml are expected: add the brand there",
    ),
    "too much in quarantine": (
        """
        insert into concord.loads
        select 'later', 'shop', 'files', 'orders', 'new.csv', 200, 150, 50, 150, 0, 0,
            now(), now() + interval '1 hour';
        insert into quarantine.rejected_rows
        select 'shop', 'orders', 'new.csv', 1, 'ordered_at', 'is no time', '', 'later', now()
        """,
        "quarantine",
        "orders",
        "Of the 200 rows of orders that source shop brought last, 50 went to quarantine,"
        " most often for: ordered_at, is no time; at most 5 % are let through",
    ),
    "a column that is written in another way": (
        """
        insert into concord.loads
        select 'later', 'shop', 'files', 'orders', 'new.csv', 200, 200, 0, 200, 0, 0,
            now(), now() + interval '1 hour';
        insert into quarantine.emptied_values
        select 'shop', 'orders', 'new.csv', 'margin_amount', reason, emptied, 1, '', 'later', now()
        from (values ('is not a number', 15), ('is a number of too many digits', 4))
            as found (reason, emptied)
        """,
        "unreadable column",
        "orders.margin_amount",
        "Of the 200 rows of orders that source shop brought last, 19 had a margin_amount that"
        " can't be read, most often for: is not a number; at most 5 % are let through",
    ),
    "a key that lacks a column": (
        """
        insert into concord.loads (
            load_id, source_name, kind, entity, file, received, loaded, quarantined, inserted,
            updated, unchanged, folded, overwritten, started_at, finished_at
        ) values (
            'later', 'shop', 'files', 'orders', 'new.csv', 1143, 3, 0, 3, 0, 0, 1140, 1140,
            now(), now() + interval '1 hour'
        )
        """,
        "overwritten rows",
        "orders",
        "Of the 1,143 rows of orders that source shop brought last, 1,140 were replaced by others"
        " of the same file with the same key and other values; at most 5 % are let through",
    ),
}


@pytest.fixture
def warehouse(copied: Copied) -> str:
    return copied(_prepare)


@pytest.fixture
def filled(copied: Copied) -> str:
    return copied(_fill)


def _prepare(url: str) -> None:
    prepare(url)
    publication.prepare(url)


def _fill(url: str) -> None:
    _prepare(url)
    change(url, GOOD)


def change(url: str, statements: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statements)


def judge(url: str, limits: ArrivalLimits = LIMITS, source: str = "shop") -> Outcome:
    return arrival(url, source, AS_OF, limits, arriving_entities())


def failed(outcome: Outcome) -> set[str]:
    return {failure.check for failure in outcome.failures}


def test_good_arrivals_pass_every_check(filled):
    outcome = judge(filled)
    assert outcome.is_passed
    assert not outcome.failures
    assert {check.name for check in outcome.checks} >= {fault[1] for fault in FAULTS.values()}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_blocks_by_its_own_check_and_names_the_place(filled, fault):
    statements, check, place, words = FAULTS[fault]
    change(filled, statements)
    outcome = judge(filled)
    assert not outcome.is_passed
    assert failed(outcome) == {check}
    assert outcome.failures[0].column == place
    assert words in str(outcome.failures[0])
    assert "  " not in str(outcome.failures[0])


def test_a_new_channel_is_reported_and_let_in(filled):
    change(filled, f"update raw.orders set channel = 'kiosk' where {NEW} and channel = 'store'")
    outcome = judge(filled)
    assert outcome.is_passed
    assert failed(outcome) == {"channel"}
    assert "with the channel 'kiosk', which it never named before" in str(outcome.failures[0])


def test_a_column_that_is_filled_now_and_then_only_warns(filled):
    change(filled, "update raw.orders set campaign_id = 'spring' where ordered_at < '2025-06-01'")
    outcome = judge(filled)
    assert outcome.is_passed
    assert [(each.check, each.severity) for each in outcome.failures] == [
        ("null rate of links", WARNING)
    ]


def test_without_a_limit_of_age_a_silent_source_is_reported_and_let_in(filled):
    change(filled, "delete from raw.orders where ordered_at >= '2025-06-01'")
    outcome = judge(filled, replace(LIMITS, freshness_days=None))
    assert outcome.is_passed
    assert "Source shop has brought no row of orders since 31 May 2025" in str(outcome.failures[0])


def test_an_empty_warehouse_passes_with_nothing_to_check(warehouse):
    outcome = judge(warehouse)
    assert outcome.is_passed
    assert not outcome.failures


def test_a_database_without_any_table_passes(database_url):
    assert judge(database_url) == Outcome("arrival", "shop", ())


def test_another_source_is_not_judged_by_this_ones_rows(filled):
    change(filled, FAULTS["amounts in cents"][0])
    assert not judge(filled, source="desk").failures


def test_before_the_first_publication_there_is_no_history_to_differ_from(filled):
    change(filled, "delete from concord.publications")
    change(filled, FAULTS["amounts in cents"][0])
    assert judge(filled).is_passed


def test_a_held_publication_makes_no_history(filled):
    change(filled, FAULTS["a column that lost its values"][0])
    change(filled, PUBLISHED.format(happened_at="now()", state="held"))
    assert failed(judge(filled)) == {"null rate"}


def test_a_week_like_one_of_the_eight_before_is_no_surprise(filled):
    """Campaigns come and go: a source that has had an empty week may have another."""
    change(
        filled,
        "delete from raw.orders where ordered_at between '2025-05-06' and '2025-05-13'",
    )
    change(
        filled,
        "delete from raw.orders where ordered_at >= '2025-06-03' and order_id <> '0-1'",
    )
    assert "volume" not in failed(judge(filled))


def test_a_surge_of_what_people_say_is_reported_and_let_in(warehouse):
    """On the day of a crisis nobody can do without the scorecard."""
    change(
        warehouse,
        """
        insert into raw.tickets (
            source_name, ticket_id, created_at, loaded_at, row_hash
        )
        select 'shop', format('%s-%s', day, number),
            timestamptz '2025-06-09 23:00+00' - day * interval '1 day' + number * interval '1 s',
                now(), 1
        from generate_series(0, 90) as day, generate_series(1, 100) as number
        where number <= 10 or day between 1 and 7
        """,
    )
    outcome = judge(warehouse)
    assert outcome.is_passed
    assert failed(outcome) == {"surge"}


def test_a_refused_file_is_reported_and_the_others_let_in(filled):
    change(
        filled,
        """
        insert into concord.loads
        select 'later', 'shop', 'files', 'orders', 'new.csv', 1, 0, 1, 0, 0, 0, now(), now();
        insert into quarantine.rejected_rows
        select 'shop', 'orders', 'new.csv', null, '', 'new.csv is cut off. Copy it again', '',
            'later', now(), '', null, true
        """,
    )
    outcome = judge(filled)
    assert outcome.is_passed
    (failure,) = outcome.failures
    assert (failure.check, failure.severity, failure.column) == ("refused file", WARNING, "new.csv")
    assert str(failure) == (
        "Nothing of new.csv is loaded, a file of source shop: new.csv is cut off. Copy it again;"
        " figures are without what is in it, or with what an earlier load brought: correct it and"
        " run again."
    )


def test_a_file_that_lost_all_its_rows_is_reported_until_it_has_some_again(filled):
    load = """
        insert into concord.loads
        select '{0}', 'shop', 'files', 'orders', 'orders.csv', {1}, {1}, 0, 0, 0, {1},
            now(), now() + interval '{0} hour', {2}
    """
    change(filled, load.format(1, 0, True))
    assert not judge(filled).failures, "nothing was appended, and the rest stands"
    change(filled, load.format(2, 0, False))
    outcome = judge(filled)
    assert outcome.is_passed
    assert [(each.check, each.severity) for each in outcome.failures] == [("emptied file", WARNING)]
    words = "orders.csv of source shop holds no row of orders now, and brought 1,400 at once before"
    assert words in str(outcome.failures[0])
    change(filled, load.format(3, 0, True))
    assert failed(judge(filled)) == {"emptied file"}
    change(filled, load.format(4, 1, True))
    assert not judge(filled).failures


def test_quarantine_is_judged_over_the_pieces_of_a_load_since_the_source_was_begun_anew(filled):
    piece = """
        insert into concord.loads
        select 'long', 'shop', 'rest', 'orders', 'orders', {1}, {2}, {3}, {2}, 0, 0,
            now(), now() + {0} * interval '1 hour', {4}
    """
    change(filled, piece.format(1, 1000, 900, 100, False))
    change(filled, piece.format(2, 100, 100, 0, True))
    assert failed(judge(filled)) == {"quarantine"}
    change(filled, piece.format(3, 100, 100, 0, False))
    assert not judge(filled).failures


def test_a_file_by_whose_loss_rows_have_left_does_not_say_that_they_stay(filled):
    load = """
        insert into concord.loads
        select '1', 'shop', 'files', 'orders', 'orders.csv', 40, 0, 0, 0, 0, 0,
            now(), now() + interval '1 hour', false, 0, 40, 0, {0}
    """
    change(filled, load.format(0))
    assert "; what was loaded stays, and nothing new has come: " in str(judge(filled).failures[0])
    change(filled, "delete from concord.loads where load_id = '1'")
    change(filled, load.format(1400))
    assert "; by that 1,400 rows have left the warehouse: " in str(judge(filled).failures[0])


SAME_IDS = """
insert into raw.customers (source_name, customer_id, email, loaded_at, row_hash)
select 'shop', format('c%s', number), format('c%s@example.org', number), now(), 1
from generate_series(1, 40) as number;
insert into raw.survey_responses (
    source_name, response_id, customer_id, answered_at, score, loaded_at, row_hash
)
select 'survey', number::text, format('c%s', number), '2025-06-09', 9, now(), 1
from generate_series(1, 60) as number
"""


PHONES = """
insert into raw.customers (source_name, customer_id, phone, loaded_at, row_hash)
values ('shop', 'p1', '{0}', now(), 1), ('survey', 'p2', '{1}', now(), 1);
"""
HASHED = sha256(b"+442079460958").hexdigest()
IDENTITIES = """
insert into raw.customer_identities (
    source_name, customer_id, identity_type, identity_value, loaded_at, row_hash
)
values ('shop', 'c1', '{0}', '{1}', now(), 1), ('survey', 'c2', '{0}', lower('{1}'), now(), 1);
"""


def judge_beside(url: str, *others: str) -> Outcome:
    return arrival(url, "survey", AS_OF, LIMITS, arriving_entities(), others)


ONE_IDENTITY = """
insert into raw.customer_identities
    (source_name, customer_id, identity_type, identity_value, loaded_at, row_hash)
values ('survey', 'c1', '{}', '{}', '2025-06-10', 1)
"""


@pytest.mark.parametrize(
    ("kind", "value", "likely"),
    [
        ("E-Mail", "ann@example.org", "email"),
        ("Mobile", "+49 170 1234567", "phone"),
        ("Desk", "17", "desk"),
        ("email", "ann@example.org", None),
        ("desk", "ann@example.org", None),
        ("chirp", "@ann", None),
    ],
)
def test_an_identity_of_a_kind_that_recognises_nobody_is_told(warehouse, kind, value, likely):
    change(warehouse, ONE_IDENTITY.format(kind, value))
    outcome = judge(warehouse, replace(LIMITS, sources=("survey", "desk")), "survey")
    assert outcome.is_passed
    told = [str(each) for each in outcome.failures if each.check == "identity kind"]
    words = (
        f"Source survey brought 1 row of customer_identities with the identity_type '{kind}',"
        " by which nobody is recognised; email, phone, a network's name or another source's is"
        f" expected: map it to {likely} in the source's mapping, if it is that."
    )
    assert told == ([words] if likely else [])


def test_ids_of_another_source_are_told_unless_it_is_said_whose_they_are(warehouse):
    change(warehouse, SAME_IDS)
    outcome = judge_beside(warehouse, "shop")
    assert outcome.is_passed
    assert [(each.check, each.severity) for each in outcome.failures] == [("same ids", WARNING)]
    assert str(outcome.failures[0]) == (
        "Of 60 customers of source survey, 40 have ids that source shop has too, and no person of"
        " the two is known to be one; ids of two sources mean two persons unless concord.toml says"
        ' otherwise: add keys = "shop" to the source\'s section if the ids mean the same'
        ' customers, or keys = "survey" if they don\'t.'
    )
    assert not judge_beside(warehouse).failures


@pytest.mark.parametrize(
    "joined",
    [
        """
        insert into raw.customers (source_name, customer_id, email, loaded_at, row_hash)
        values ('survey', 'x', ' C7@example.org', now(), 1)
        """,
        """
        insert into raw.customer_identities (
            source_name, customer_id, identity_type, identity_value, loaded_at, row_hash
        )
        values ('shop', 'c7', 'survey', 'x', now(), 1)
        """,
        PHONES.format("+44 (0)20 7946 0958", "0044 20 79460958"),
        PHONES.format(HASHED, HASHED.upper()),
        IDENTITIES.format("chirper", "@Ann_Lee"),
        IDENTITIES.format("e-shop", "4711-ab"),
        """
        create schema intermediate;
        create table intermediate.int_person_sources as
        select 17 as person_number, unnest(array['shop', 'survey']) as source_name
        """,
        "delete from raw.customers where customer_id > 'c35'",
    ],
    ids=[
        "an e-mail",
        "an identity",
        "phones in two notations",
        "hashed phones",
        "a handle",
        "an id of a third source",
        "persons of the last run",
        "few ids",
    ],
)
def test_sources_that_something_joins_or_few_ids_are_no_news(warehouse, joined):
    change(warehouse, SAME_IDS)
    change(warehouse, joined)
    assert not judge_beside(warehouse, "shop").failures


@pytest.mark.parametrize(
    ("phones", "country", "is_told"),
    [
        (("+44 20 7946 0958", "+44 20 7946 0959"), "GB", True),
        (("020 7946 0958", "+44 20 7946 0958"), "GB", False),
        (("020 7946 0958", "020 7946 0958"), None, True),
        (("(01) 533 12 34", "+43 (0)1 5331234"), "AT", False),
        (("0000000", "0000000"), "GB", True),
        (("+1 442 079 4609", "+44 20 7946 09"), "GB", True),
    ],
)
def test_phones_join_two_sources_as_they_join_persons(warehouse, phones, country, is_told):
    change(warehouse, SAME_IDS + ";" + PHONES.format(*phones))
    keeping.prepare(warehouse)
    rules = Rules(country)
    with psycopg.connect(warehouse) as connection:
        for phone in phones:
            read = normalising.normalised("phone", phone, rules)
            connection.execute(
                "insert into analytics.identifiers values ('phone', md5(%s), md5(%s), %s, 'x')"
                " on conflict do nothing",
                (phone, f"phone:{read.compared}", read.refusal),
            )
    limits = replace(LIMITS, has_phone_country=country is not None)
    assert told(warehouse, limits) == is_told


@pytest.mark.parametrize(
    ("phones", "has_phone_country", "is_told"),
    [
        (("+44 20 7946 0958", "0044 20 7946 0959"), True, True),
        (("020 7946 0958", "+44 20 7946 0958"), True, False),
        (("020 7946 0958", "020 7946 0958"), False, True),
        (("112", "112"), True, True),
    ],
)
def test_phones_of_a_first_load_are_compared_without_what_only_a_run_knows(
    warehouse, phones, has_phone_country, is_told
):
    change(warehouse, SAME_IDS + ";" + PHONES.format(*phones))
    assert told(warehouse, replace(LIMITS, has_phone_country=has_phone_country)) == is_told


def told(url: str, limits: ArrivalLimits) -> bool:
    outcome = arrival(url, "survey", AS_OF, limits, arriving_entities(), ["shop"])
    return "same ids" in failed(outcome)


@pytest.mark.parametrize(
    ("table", "scores", "scale_max", "words"),
    [
        (
            "survey_responses",
            (4, 4, 4, 4, 1),
            "null",
            "Of the 5 relational answers of survey_responses from source shop on a scale up to 10,"
            " the highest is 4; on this scale some answers are expected to lie in its upper half",
        ),
        ("satisfaction_ratings", (1, 1, 0, 1, 0), "5", "on a scale up to 5, the highest is 1"),
        ("satisfaction_ratings", (3, 4, 9, 10, 8), "5", "on a scale up to 5, the highest is 10"),
        ("satisfaction_ratings", (4, 5, 3, 5, 1), "10", "on a scale up to 10, the highest is 5"),
        ("survey_responses", (4, 4, 4, 4, 1), "5", None),
        ("survey_responses", (4, 4, 4, 6, 1), "10", None),
        ("survey_responses", (4, 4, 4, 1), "null", None),
        ("satisfaction_ratings", (1, 1, 0, 1, 0), "1", None),
        ("satisfaction_ratings", (1, 1, 1, 1, 1), "5", None),
        ("satisfaction_ratings", (4, 5, 3, 6, 1), "10", None),
    ],
)
def test_answers_that_cant_be_on_their_scale_are_told(warehouse, table, scores, scale_max, words):
    key, time = {
        "survey_responses": ("response_id", "answered_at"),
        "satisfaction_ratings": ("rating_id", "rated_at"),
    }[table]
    change(
        warehouse,
        f"""
        insert into raw.{table} (
            source_name, {key}, {time}, score, scale_max, loaded_at, row_hash
        )
        select 'shop', number::text, '2025-06-09', score, {scale_max}, now(), 1
        from unnest(array{list(scores)}) with ordinality as scores (score, number)
        """,
    )
    outcome = judge(warehouse)
    assert outcome.is_passed
    assert failed(outcome) == ({"scale"} if words else set())
    assert words is None or words in str(outcome.failures[0])


@pytest.mark.parametrize(
    ("table", "key", "time"),
    [
        ("survey_responses", "response_id", "answered_at"),
        ("satisfaction_ratings", "rating_id", "rated_at"),
    ],
)
def test_answers_of_one_mapping_hide_no_wrong_scale_of_another(warehouse, table, key, time):
    change(
        warehouse,
        f"""
        insert into raw.{table} (
            source_name, {key}, {time}, score, scale_max, section, loaded_at, row_hash
        )
        select 'shop', file || number, '2025-06-09', score + shift, 10, file, now(), 1
        from (values ('stars.csv', 0), ('tens.csv', 5)) as files (file, shift)
        cross join unnest(array[4, 5, 3, 5, 1]) with ordinality as scores (score, number)
        """,
    )
    outcome = judge(warehouse)
    assert failed(outcome) == {"scale"}
    assert f"answers of {table} from source shop (stars.csv) on a scale up to 10" in str(
        outcome.failures[0]
    )


@pytest.mark.parametrize(
    ("column", "word", "share", "is_told"),
    [
        ("customer_id", "guest", 10, True),
        ("campaign_id", "NULL", 10, True),
        ("customer_id", r"\\N", 10, True),
        ("customer_id", "0", 5, True),
        ("customer_id", "0", 100, False),
        ("campaign_id", "0", 5, False),
        ("customer_id", "guest", 1000, False),
        ("brand", "none", 10, False),
    ],
)
def test_a_text_for_nobody_that_counts_as_somebody_is_told(filled, column, word, share, is_told):
    """One in so many of 1,399 orders; people are also numbered from 0."""
    change(
        filled,
        f"update raw.orders set {column} = e'{word}' where abs(hashtext(order_id)) % {share} = 0",
    )
    outcome = judge(filled, replace(LIMITS, brands=()))
    assert outcome.is_passed
    assert ("placeholder" in failed(outcome)) is is_told
    if word == "guest" and is_told:
        sentence = str(outcome.failures[0])
        assert "rows of orders that have a customer_id, from source shop, have 'guest'" in sentence
        assert "null_values = ['guest']" in sentence


TICKETS = """
insert into raw.tickets (source_name, ticket_id, created_at, solved_at, loaded_at, row_hash)
select 'desk', day::text, created_at, created_at + interval '{solved_after}', now(), 1
from generate_series(1, 60) as day, lateral (
    select (date '2025-06-10' - day)::timestamp at time zone '{zone}' + day * interval '{later}'
) as opened (created_at)
"""


@pytest.mark.parametrize(
    ("zone", "later", "solved_after", "told"),
    [
        ("UTC", "0", "2 days", {"days only"}),
        ("Europe/Berlin", "0", "0", {"days only"}),
        ("UTC", "7 minutes", "2 days", set()),
        ("UTC", "7 minutes", "-1 hour", {"order of times"}),
        ("UTC", "7 minutes", "-5 minutes", set()),
    ],
)
def test_times_that_measure_no_wait_are_told(warehouse, zone, later, solved_after, told):
    change(warehouse, TICKETS.format(zone=zone, later=later, solved_after=solved_after))
    outcome = judge(warehouse, source="desk")
    assert outcome.is_passed
    assert failed(outcome) - {"silence"} == told
    sentences = " ".join(str(each) for each in outcome.failures)
    assert "days only" not in told or "All 60 times in tickets.created_at" in sentences
    assert "order of times" not in told or "60 of the 60 tickets with a solved_at" in sentences


@pytest.mark.parametrize(
    ("day", "rows", "is_told"),
    [("1970-01-01", 1, True), ("1970-01-01", 99, False), ("2023-06-10", 1, False)],
)
def test_a_date_that_means_none_begins_no_history_unnoticed(filled, day, rows, is_told):
    change(
        filled,
        f"update raw.orders set ordered_at = '{day}' where order_id in ("
        f"select order_id from raw.orders where ordered_at < '2025-04-01' order by 1 limit {rows})",
    )
    outcome = judge(filled)
    assert ("long before" in failed(outcome)) is is_told
    words = "1 of the 1,399 rows of orders from source shop lie more than two years before the next"
    assert not is_told or words in str(outcome.failures[0])


def test_a_file_that_never_held_much_may_be_empty(filled):
    change(
        filled,
        """
        insert into concord.loads
        select format('few %s', rows), 'shop', 'files', 'orders', 'b2b.csv', rows, rows, 0, rows,
            0, 0, now(), now() - rows * interval '1 hour'
        from unnest(array[0, 20]) as rows
        """,
    )
    assert not judge(filled).failures


def test_a_source_of_campaigns_only_is_not_late_between_two_campaigns(filled):
    change(
        filled,
        """
        insert into raw.campaign_touches (
            source_name, touch_id, campaign_id, sent_at, loaded_at, row_hash
        )
        select 'shop', number, 'spring', '2025-05-20', '2025-05-21', 1
        from generate_series(1, 300) as number
        """,
    )
    assert judge(filled).failures == ()


def test_few_rows_a_week_are_not_judged_by_their_number(filled):
    change(filled, "delete from raw.orders where right(order_id, 1) <> '4'")
    change(filled, f"delete from raw.orders where {NEW} and order_id <> '0-4'")
    assert judge(filled).is_passed


def test_the_company_may_have_no_brands_configured(filled):
    change(filled, FAULTS["a brand that nobody configured"][0])
    assert judge(filled, replace(LIMITS, brands=())).is_passed


def test_a_social_source_is_judged_by_its_messages(warehouse):
    change(
        warehouse,
        """
        insert into raw.messages (
            source_name, message_id, sent_at, direction, is_public, channel, brand,
            loaded_at, row_hash
        )
        select 'network', day::text, timestamptz '2025-06-09' - day * interval '1 day',
            'inbound', true, 'mastodon', 'Gull', now(), 1
        from generate_series(1, 3) as day
        """,
    )
    assert failed(judge(warehouse, source="network")) == {"brand"}


@pytest.mark.parametrize("name", ["shop: north", "100 % shop", "o'shop", "{shop}"])
def test_odd_names_of_sources_do_not_break_the_queries(filled, name):
    with psycopg.connect(filled) as connection:
        connection.execute("update raw.orders set source_name = %s", (name,))
        connection.execute("update raw.orders set brand = 'Turn' where brand = 'Tern'")
    outcome = judge(filled, source=name)
    assert failed(outcome) == {"brand"}
    assert f"Source {name} brought" in str(outcome.failures[0])


def test_a_password_with_a_dollar_sign_is_taken_as_it_is(filled):
    with_password = filled.replace("postgres@", "postgres:${HOME}$x%40@")
    assert judge(with_password).is_passed


def test_judging_writes_nothing_to_the_terminal(filled, capfd):
    judge(filled)
    assert capfd.readouterr() == ("", "")
