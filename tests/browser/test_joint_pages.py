"""What the departments owe each other, in a real browser: intervals, rows, and one screen still."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboards.scorecard.publication import hold, publish
from dashboards.scorecard.records import Company, GateOutcome
from tests.browser.seeded_warehouse import AS_OF, EVENT_MONTHS, seed, seed_crises, seed_joint

pytestmark = [pytest.mark.browser, pytest.mark.postgres]
COMPANY = Company("Northwind", True, "EUR", "Europe/Amsterdam")
NEWEST = f"{EVENT_MONTHS[-1]:%b %Y}"
MINUS, THIN, DASH = "\u2212", "\u2009", "\u2013"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def warehouse(module_database_url: str) -> str:
    seed(module_database_url)
    seed_crises(module_database_url)
    seed_joint(module_database_url)
    publish(module_database_url, COMPANY, [GateOutcome("publishable", True, 41)], AS_OF)
    return module_database_url


def _size(page: Page) -> tuple[int, int]:
    root = "document.documentElement"
    return page.evaluate(f"{root}.scrollWidth"), page.evaluate(f"{root}.scrollHeight")


def _serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in {"serious", "critical"}]


def test_a_metric_by_event_alone_is_a_picture_and_no_empty_page(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/metric/retention_after")
    pictures = page.get_by_role("region", name="Over time").get_by_role("img")
    expect(pictures).to_have_count(4)
    said = pictures.nth(0).get_attribute("aria-label") or ""
    assert said == (
        f"broken promise: 21 months, 21 below 0; {NEWEST}: {MINUS}5.0{THIN}points,"
        f" 95 % {MINUS}9.0 {DASH} {MINUS}1.0, below 0"
    )
    expect(page.get_by_text("incomplete: needs")).to_have_count(0)
    expect(page.locator(".opened-head")).to_contain_text("by event only")


def test_the_figures_of_the_picture_can_be_read_as_a_table(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/metric/retention_after")
    table = page.get_by_role("region", name="Retention after an event, month by month")
    expect(table).to_be_hidden()
    page.get_by_text("The same as a table").focus()
    page.keyboard.press("Enter")
    newest = table.get_by_role("row", name=f"solved complaint {NEWEST}")
    expect(newest.get_by_role("cell")).to_have_text(
        [
            NEWEST,
            f"6.0{THIN}points",
            f"2.0 {DASH} 10.0",
            "400",
            "above 0",
            "3 of 403 persons not drawn",
        ]
    )
    hidden = table.get_by_role("row", name="complaint Jan 2025 suppressed")
    expect(hidden).to_contain_text("not enough comparable persons")


def test_an_effect_is_followed_to_the_strata_that_it_is_the_sum_of(
    site: str, open_page: Open
) -> None:
    """300 of whom 132 are expected to order, and 100 of whom 34 are; three have no counterpart."""
    page = open_page(f"{site}/metric/retention_after?segment=event:solved_complaint")
    strata = page.get_by_role("region", name="Likes compared with likes")
    rows = strata.get_by_role("row")
    expect(rows.nth(1).get_by_role("cell")).to_have_text(
        ["0 to 30", "2 or 3", "0", "any", "Gen X", "300", "150", "1,000", "440", "132.00"]
    )
    expect(rows.nth(3)).to_contain_text("no counterpart")
    expect(rows.nth(4)).to_contain_text("+24.00 who ordered within 90 days")
    expect(rows.nth(4).get_by_role("cell")).to_have_text(["400", "190", "", "", "166.00"])


def test_an_event_leads_to_its_own_history_and_rows_that_add_up(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/metric/retention_after?period={EVENT_MONTHS[-1]}")
    rows = page.get_by_role("region", name="The rows behind it")
    expect(rows).to_contain_text("There is no figure of all together")
    rows.get_by_role("link", name="solved complaint").click()
    expect(page).to_have_url(
        f"{site}/metric/retention_after?period={EVENT_MONTHS[-1]}"
        "&segment=event%3Asolved_complaint#rows-retention_after"
    )
    expect(page.get_by_role("heading", level=1)).to_contain_text("event: solved complaint")
    # 6 points of 400 matched persons.
    expect(page.locator(".rows tfoot td.num").first).to_have_text("24")
    assert page.locator(".rows tfoot").get_by_text("equal", exact=True).count() == 2
    assert page.get_by_role("combobox", name="Segment").input_value() == "event:solved_complaint"


def test_a_list_leads_to_values_whose_rows_add_up_and_to_no_others(
    site: str, open_page: Open
) -> None:
    page = open_page(f"{site}/metric/retention_rate")
    page.get_by_role("link", name="Harbour").click()
    expect(page).to_have_url(f"{site}/metric/retention_rate?segment=brand%3AHarbour")
    # Itself it doesn't lead to.
    expect(page.locator(".segments").get_by_role("link", name="Harbour")).to_have_count(0)
    # A month of a cohort is another measure of the same rows.
    panels = open_page(f"{site}/metric/cohort_retention").locator(".segments .panel")
    months = panels.filter(has_text="By month after the first order")
    expect(months.get_by_role("rowheader")).to_have_text(["7"])
    expect(months.get_by_role("link")).to_have_count(0)


def test_a_joint_figure_opens_the_page_of_its_own_event(site: str, open_page: Open) -> None:
    page = open_page(site)
    page.get_by_role("link", name="Kept after a broken promise").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("event: broken promise")
    expect(page.locator(".opened-head .figure")).to_have_text(f"{MINUS}5.0")


@pytest.mark.parametrize("chosen", ["", "?segment=event:solved_complaint"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier_beside_the_picture(
    site: str, open_page: Open, scheme: str, chosen: str
) -> None:
    page = open_page(f"{site}/metric/retention_after{chosen}", scheme=scheme)
    page.get_by_text("The same as a table").click()
    assert _serious(page) == []


@pytest.mark.parametrize("width", [320, 390, 820, 1200])
@pytest.mark.parametrize("chosen", ["", "?segment=event:solved_complaint"])
def test_no_picture_makes_the_screen_scroll_sideways(
    site: str, open_page: Open, chosen: str, width: int
) -> None:
    page = open_page(f"{site}/metric/retention_after{chosen}", width=width)
    page.get_by_text("The same as a table").click()
    assert _size(page)[0] <= width


def test_the_joint_row_leaves_it_one_screen(site: str, file: str, open_page: Open) -> None:
    for address in (site, file):
        page = open_page(address)
        joint = page.get_by_role("region", name="Together")
        expect(joint.locator("dt")).to_have_count(5)
        expect(joint).to_contain_text(f"6.0{THIN}points (2.0 {DASH} 10.0)")
        assert _size(page)[1] <= 900


def test_the_joint_row_leaves_it_one_screen_in_a_crisis_while_held(
    database_url: str, serve: Callable[[str], str], open_page: Open
) -> None:
    seed(database_url)
    seed_crises(database_url)
    seed_joint(database_url)
    publish(database_url, COMPANY, [GateOutcome("publishable", True, 41)], AS_OF)
    hold(database_url, COMPANY, [GateOutcome("publishable", False, 41, ("nps fell",))], AS_OF)
    page = open_page(serve(database_url))
    expect(page.get_by_role("status")).to_have_count(2)
    assert _size(page)[1] <= 900


def test_the_file_holds_the_picture_and_says_where_the_rows_are(file: str, open_page: Open) -> None:
    page = open_page(f"{file}#metric-retention_after")
    opened = page.locator("#metric-retention_after")
    expect(opened.get_by_role("img")).to_have_count(4)
    expect(opened).to_contain_text("the served page shows them")
    assert opened.locator("a[href^='/']").count() == 0
    assert _serious(page) == []
