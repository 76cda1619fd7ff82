"""Risk: rows with one key replace each other, and nobody is told."""

import pytest

from ingestion.errors import MappingFault
from ingestion.loading import LoadReport
from tests.fixtures.loading_shop import Shop

pytestmark = pytest.mark.postgres

COSTS = """
kind = "files"
[[entities]]
entity = "campaign_costs"
path = "ads*.csv"
[entities.columns]
campaign_id = "campaign"
channel = { value = "social" }
cost_kind = { value = "media" }
cost_date = { value = 2025-03-01 }
amount = "spent"
"""


def counts(report: LoadReport, *measures: str) -> list[int]:
    return [report.total(measure) for measure in measures]


def test_rows_that_others_of_their_file_replace_are_counted(shop: Shop):
    """The public ads of KAG: 1,143 ads of three campaigns, whose ids the key lacks."""
    for cents in ("5", "75"):
        rows = (f"{number % 3},{number}.{cents}\n" for number in range(1143))
        shop.write("ads.csv", "campaign,spent\n" + "".join(rows))
        (part,) = shop.load(COSTS).parts
        assert (part.received, part.loaded, part.folded, part.overwritten) == (1143, 3, 1140, 1140)


def test_rows_that_only_repeat_and_newer_files_are_no_loss(shop: Shop):
    shop.write("ads1.csv", "campaign,spent\n" + "1,5.0\n2,7\n1,5\n" * 50)
    shop.write("ads2.csv", "campaign,spent\n1,6\n2,8\n")
    report = shop.load(COSTS)
    assert (report.total("received"), report.total("loaded"), report.total("folded")) == (
        152,
        2,
        150,
    )
    assert report.total("overwritten") == 0


NUMBERED = """
kind = "files"
[[entities]]
entity = "customers"
path = "shops.csv"
columns = { customer_id = { row_number = true }, email = "email" }
[[entities]]
entity = "customers"
path = "online.csv"
columns = { customer_id = { row_number = true }, email = "email" }
"""


BY_MONTH = """
kind = "files"
[[entities]]
entity = "customers"
path = "shop-*.csv"
{more}
[entities.columns]
customer_id = {key}
email = "email"
"""


def test_a_file_a_month_whose_rows_are_numbered_from_the_beginning_stops_the_load(shop: Shop):
    shop.write("shop-1.csv", "email\na@x\nb@x\n")
    numbered = BY_MONTH.format(key="{ row_number = true }", more="")
    assert shop.load(numbered).total("loaded") == 2
    shop.write("shop-2.csv", "email\nc@x\n")
    with pytest.raises(MappingFault) as caught:
        shop.load(numbered)
    assert "is the number of the row, and each of 2 files begins anew" in str(caught.value)
    assert shop.rows("select count(*) from raw.customers") == [(2,)]
    joined = BY_MONTH.format(key='{ join = [{ row_number = true }, "email"] }', more="")
    assert shop.load(joined).total("loaded") == 3
    repeated = BY_MONTH.format(key="{ row_number = true }", more="overrides = true")
    assert shop.load(repeated).total("loaded") == 2


def test_elements_that_have_the_number_of_their_row_for_a_key_stop_the_load(shop: Shop):
    shop.write("shop-1.csv", "email\na@x;b@x\n")
    split = 'split = { column = "email", separator = ";" }'
    with pytest.raises(MappingFault) as caught:
        shop.load(BY_MONTH.format(key="{ row_number = true }", more=split))
    assert "is the number of the row, and each row makes several" in str(caught.value)
    report = shop.load(
        BY_MONTH.format(key='{ join = [{ row_number = true }, "email"] }', more=split)
    )
    assert shop.rows("select customer_id from raw.customers order by 1") == [
        ("2:a@x",),
        ("2:b@x",),
    ]
    assert report.total("loaded") == 2


def test_sections_that_make_one_key_of_different_rows_stop_the_load(shop: Shop):
    for name in ("shops", "online"):
        shop.write(f"{name}.csv", "email\n" + "".join(f"{name}{n}@x\n" for n in range(39)))
    with pytest.raises(MappingFault) as caught:
        shop.load(NUMBERED)
    assert str(caught.value) == (
        "shop: the sections of customers with the paths shops.csv and online.csv make the same key"
        " of different rows, 39 times. Map another customer_id in one of them, or set overrides ="
        " true on the later one, whose rows then count"
    )
    assert shop.rows("select count(*) from raw.customers") == [(0,)]


def test_a_section_that_says_so_overrides_the_one_before_and_gives_back_what_it_loses(shop: Shop):
    section = NUMBERED.replace('path = "online.csv"', 'path = "online.csv"\noverrides = true')
    section = section.replace("overrides", "complete = true\noverrides")
    addresses = "select email from raw.customers order by customer_id"
    shop.write("shops.csv", "email\na@x\nb@x\n")
    shop.write("online.csv", "email\nbetter@x\n")
    report = shop.load(section)
    assert shop.rows(addresses) == [("better@x",), ("b@x",)]
    assert (report.total("loaded"), report.total("folded"), report.total("overwritten")) == (
        2,
        1,
        0,
    )
    shop.write("online.csv", "email\n")
    shop.load(section)
    assert shop.rows(addresses) == [("a@x",), ("b@x",)]


def test_a_row_that_moves_from_one_section_to_another_is_no_collision(shop: Shop):
    tickets = """
    kind = "files"
    """ + "".join(
        f"""
    [[entities]]
    entity = "tickets"
    path = "{name}.csv"
    columns = {{ ticket_id = "id", created_at = "at", status = {{ value = "{name}" }} }}
    """
        for name in ("closed", "open")
    )
    states = "select ticket_id, status from raw.tickets order by ticket_id"
    shop.write("closed.csv", "id,at\n1,2025-03-01\n")
    shop.write("open.csv", "id,at\n2,2025-03-01\n3,2025-03-01\n")
    shop.load(tickets)
    shop.write("closed.csv", "id,at\n1,2025-03-01\n2,2025-03-01\n")
    shop.write("open.csv", "id,at\n3,2025-03-01\n")
    shop.load(tickets)
    assert shop.rows(states) == [("1", "closed"), ("2", "closed"), ("3", "open")]
