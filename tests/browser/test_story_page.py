"""One person's story, in a real browser: opened from a row, read as a picture and as a list."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboards.scorecard.publication import publish
from dashboards.scorecard.records import Company, GateOutcome
from tests.browser.seeded_warehouse import AS_OF, seed, seed_story

pytestmark = [pytest.mark.browser, pytest.mark.postgres]
FIRST = "c4ca4238a0b923820dcc509a6f75849b"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def warehouse(module_database_url: str) -> str:
    seed(module_database_url)
    seed_story(module_database_url)
    gates = [GateOutcome("publishable", True, 41)]
    publish(module_database_url, Company("Northwind", True), gates, AS_OF)
    return module_database_url


def test_a_row_opens_the_story_of_its_person(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/metric/retention_rate")
    link = page.get_by_role("region", name="The rows behind it").locator("a[href^='/person/']")
    person = link.first.inner_text()
    link.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"One person's story {person}")
    expect(page.get_by_role("link", name="Back to the scorecard")).to_be_visible()


def test_a_story_shows_what_was_sent_into_an_open_complaint(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/person/{FIRST}")
    picture = page.get_by_role("img", name="3 touches and 1 conversation")
    expect(picture).to_be_visible()
    for lane in ("Marketing", "Service", "Customer", "Orders"):
        expect(picture.locator("svg.wide").get_by_text(lane)).to_be_visible()
    sent = page.get_by_role("row", name="campaign desk:k1").get_by_role("cell")
    expect(sent).to_have_text(["Marketing", "opened", "email", "campaign desk:k1", "ticket desk:7"])
    expect(page.get_by_role("row", name="ticket desk:7, complaint")).to_contain_text("delivery")


@pytest.mark.parametrize("width", [1440, 400])
def test_a_story_fits_and_can_be_read_by_everybody(site: str, open_page: Open, width: int) -> None:
    page = open_page(f"{site}/person/{FIRST}", width=width, height=900)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == []
