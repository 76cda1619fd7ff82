"""Funnel plots in a real browser: who doesn't see them, has a phone or no mouse, misses nothing."""

from collections.abc import Callable

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboards.scorecard.publication import publish
from dashboards.scorecard.records import Company, GateOutcome
from tests.browser.seeded_warehouse import AS_OF, MONTHS, seed

pytestmark = [pytest.mark.browser, pytest.mark.postgres]
COMPANY = Company("Northwind", True, "EUR", "Europe/Amsterdam")
PASSED = [GateOutcome("publishable: scorecard", True, 41)]
Open = Callable[..., Page]
_PAGE = "/metric/experience_consistency"
# Of four shifts the evening is far below; of two teams one is named by a very long name.
_UNITS = """
create table marts.csat_units as
select
    %(month)s::date as period_start, dimension, unit, share, (share + 62) / 2 as shrunken_share,
    47.0 as lowest_expected, 52.0 as low_expected, 71.0 as high_expected, 76.0 as highest_expected,
    place as funnel_position, place like 'far%%' as is_outlier,
    cast(answers * share / 100 as int) as compared_satisfied_count,
    answers as compared_answered_count, answers as answered_count
from (
    values
    ('shift', 'evening', 41.0, 150, 'far_below'), ('shift', 'night', 70.0, 60, 'within'),
    ('shift', 'morning', 67.0, 90, 'within'), ('shift', 'afternoon', 72.0, 130, 'above'),
    ('team', 'Front desk', 63.0, 215, 'within'),
    ('team', 'The second line, which has a name as long as a sentence', 61.0, 215, 'within')
) as units (dimension, unit, share, answers, place);
create table marts.csat_funnels as
select
    %(month)s::date as period_start, dimension, step, 50 + 5 * step as answered_count,
    62.0 as common_share, 62 - 150 / sqrt(50 + 5 * step) as lowest_expected,
    62 - 95 / sqrt(50 + 5 * step) as low_expected, 62 + 95 / sqrt(50 + 5 * step) as high_expected,
    62 + 150 / sqrt(50 + 5 * step) as highest_expected
from unnest(array['shift', 'team']) as dimension cross join generate_series(0, 40) as step;
insert into marts.scorecard (
    metric_id, period_start, period_grain, segment_name, segment_value, value, unit, numerator,
    denominator, n, signal, is_partial, data_as_of, definition_version, refreshed_at
)
select
    'experience_consistency', %(month)s, 'month', 'dimension', dimension, 4.5, 'points',
    sum(compared_satisfied_count), sum(compared_answered_count), sum(compared_answered_count),
    'no_signal', false, %(at)s, '1', %(at)s
from marts.csat_units group by dimension
"""


@pytest.fixture(scope="module")
def site(module_database_url: str, serve: Callable[[str], str]) -> str:
    seed(module_database_url)
    with psycopg.connect(module_database_url) as connection:
        values = {"month": MONTHS[-2], "at": AS_OF}
        for statement in _UNITS.split(";\n"):
            connection.execute(statement, values)
    publish(module_database_url, COMPANY, PASSED, AS_OF)
    return serve(module_database_url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 400, 1440])
def test_a_funnel_is_read_on_every_screen(
    site: str, open_page: Open, width: int, scheme: str
) -> None:
    page = open_page(site + _PAGE, width=width, scheme=scheme)
    plots = page.locator(".plot")
    expect(plots).to_have_count(2)
    outlier = plots.first.get_by_text("evening, outlier").last
    box = outlier.bounding_box()
    assert box is not None and box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["height"] >= 9
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_serious_barrier(site: str, open_page: Open) -> None:
    violations = Axe().run(open_page(site + _PAGE)).response["violations"]
    assert [item["id"] for item in violations if item["impact"] in {"serious", "critical"}] == []


def test_who_does_not_see_the_plots_reads_the_same(site: str, open_page: Open) -> None:
    page = open_page(site + _PAGE)
    words = page.get_by_role("img", name="By shift").get_attribute("aria-label")
    assert words is not None and "evening outlier, below" in words
    table = page.get_by_role("region", name="Channels, teams and shifts")
    expect(table.locator("tbody tr")).to_have_count(6)
    expect(table.locator("tr", has_text="evening")).to_contain_text("outlier, below")


def test_the_keyboard_reaches_the_table(site: str, open_page: Open) -> None:
    page = open_page(site + _PAGE)
    table = page.get_by_role("region", name="Channels, teams and shifts")
    for _ in range(40):
        page.keyboard.press("Tab")
        if table.evaluate("region => region === document.activeElement"):
            return
    pytest.fail("the table of units has no focus")


def test_one_dimension_opens_its_own_units_and_they_add_up(site: str, open_page: Open) -> None:
    page = open_page(f"{site}{_PAGE}?segment=dimension:shift")
    expect(page.locator(".plot")).to_have_count(1)
    foot = page.get_by_role("region", name="Rows of csat_units").locator("tfoot")
    expect(foot.get_by_text("equal")).to_have_count(2)
    expect(foot).to_contain_text("430")
