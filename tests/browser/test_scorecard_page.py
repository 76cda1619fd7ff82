"""The page in a real browser: what people see, can reach and must never meet."""

from collections.abc import Callable

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboards.scorecard.publication import hold, publish
from dashboards.scorecard.records import Company, GateOutcome
from tests.browser.seeded_warehouse import AS_OF, SERIES, definitions, seed, seed_crises

pytestmark = [pytest.mark.browser, pytest.mark.postgres]
COMPANY = Company("Northwind", True, "EUR", "Europe/Amsterdam")
PASSED = [GateOutcome("arrival: shop", True, 64), GateOutcome("publishable: scorecard", True, 41)]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def warehouse(module_database_url: str) -> str:
    """Give one published warehouse to all tests that only look."""
    seed(module_database_url, without=frozenset({"csat"}))
    publish(module_database_url, COMPANY, PASSED, AS_OF)
    return module_database_url


def _height(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollHeight")


def _width(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def _serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{item['id']}: {node['html'][:120]}"
        for item in found
        if item["impact"] in {"serious", "critical"}
        for node in item["nodes"]
    ]


def test_one_screen_holds_the_whole_scorecard(site: str, open_page: Open) -> None:
    page = open_page(site)
    assert _height(page) <= 900
    assert page.locator("article.card").count() == 12
    for title in ("Retention", "Loyalty", "Evangelism", "Experience & promise"):
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(page.locator(".star")).to_contain_text("Retained customers who advocate")
    expect(page.get_by_text("no data: needs staff records")).to_be_in_viewport()


def test_one_screen_also_while_held(
    database_url: str, serve: Callable[[str], str], open_page: Open
) -> None:
    seed(database_url)
    publish(database_url, COMPANY, PASSED, AS_OF)
    reason = "retention_rate fell by 62 % without an explained shift"
    hold(database_url, COMPANY, [GateOutcome("publishable", False, 41, (reason,))], AS_OF)
    page = open_page(serve(database_url))
    expect(page.get_by_role("status")).to_contain_text(reason)
    assert page.locator(".card .badge s").count() == 13
    assert _height(page) <= 900


def test_long_names_and_reasons_leave_it_one_screen(
    database_url: str, serve: Callable[[str], str], open_page: Open
) -> None:
    seed(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("update marts.scorecard_owners set service_owner = repeat('Lee ', 12)")
    company = Company("Royal Northwind Trading and Overseas Shipping " * 3, True)
    publish(database_url, company, PASSED, AS_OF)
    reasons = tuple(f"{metric} fell without an explained shift" for metric in ("nps", "csat") * 5)
    hold(database_url, company, [GateOutcome("publishable", False, 41, reasons)], AS_OF)
    page = open_page(serve(database_url))
    assert (_height(page), _width(page)) <= (900, 1440)
    expect(page.get_by_text("Demo company, simulated data")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Dark")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("listitem")).to_have_count(0)
    page.get_by_role("status").locator("summary").press("Enter")
    expect(page.get_by_role("listitem")).to_have_count(len(reasons))


def test_a_crisis_that_is_on_is_one_line_that_leads_to_the_list(
    database_url: str, serve: Callable[[str], str], open_page: Open
) -> None:
    seed(database_url)
    seed_crises(database_url)
    publish(database_url, COMPANY, PASSED, AS_OF)
    site = serve(database_url)
    page = open_page(site)
    line = page.get_by_role("status")
    expect(line).to_contain_text("Crisis. Northwind, since")
    expect(line).to_contain_text("231 negative mentions, no public reply yet")
    assert (_height(page), _width(page)) <= (900, 1440)
    line.get_by_role("link", name="All crises").click()
    crises = page.get_by_role("region", name="List of crises").locator("tbody")
    expect(crises).to_have_count(3)
    expect(crises.first).to_contain_text("still on")
    expect(crises.first).to_contain_text("none yet")
    expect(crises.nth(1)).to_contain_text("spoken of: campaign A spring for everybody")
    assert _serious(page) == []
    marked = open_page(f"{site}/metric/net_sentiment").locator(".history")
    assert "crises began in" in (marked.get_attribute("aria-label") or "")
    narrow = open_page(f"{site}/metric/crisis_count?segment=brand:Harbour", width=390)
    expect(narrow.get_by_role("region", name="List of crises").locator("tbody")).to_have_count(1)
    assert _width(narrow) <= 390


def test_one_screen_also_in_a_crisis_while_held(
    database_url: str, serve: Callable[[str], str], open_page: Open
) -> None:
    seed(database_url)
    seed_crises(database_url)
    publish(database_url, COMPANY, PASSED, AS_OF)
    hold(database_url, COMPANY, [GateOutcome("publishable", False, 41, ("nps fell",))], AS_OF)
    page = open_page(serve(database_url))
    expect(page.get_by_role("status")).to_have_count(2)
    assert _height(page) <= 900


def test_no_card_cuts_what_it_says_off(site: str, open_page: Open) -> None:
    page = open_page(site)
    cut = page.evaluate(
        "[...document.querySelectorAll('.card .line > *, .card h3, .card .value')]"
        ".filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)"
        ".map((e) => e.textContent.trim())"
    )
    assert not cut


def test_a_demo_company_is_never_taken_for_a_real_one(
    site: str, file: str, open_page: Open
) -> None:
    for address in (site, f"{site}/metrics", f"{site}/metric/nps", file):
        expect(open_page(address).get_by_text("Demo company, simulated data")).to_be_visible()


def test_a_card_shows_value_interval_changes_and_both_statuses(site: str, open_page: Open) -> None:
    card = open_page(site).locator("[data-metric=retention_rate]")
    for text in ("Retention rate", "n 9,400", "95", "vs prior year", "vs target", "no signal"):
        expect(card).to_contain_text(text)
    for text in ("will meet target", "Nov so far", "(partial)", "Dana Ito", "Lee Okafor"):
        expect(card).to_contain_text(text)
    expect(card).to_contain_text("checks passed")


def test_what_the_data_cannot_tell_gives_way_and_is_said(site: str, open_page: Open) -> None:
    page = open_page(site)
    assert page.locator("[data-metric=csat]").count() == 0
    expect(page.locator("[data-metric=first_reply_time]")).to_contain_text("First reply time")
    expect(page.get_by_text("With satisfaction ratings: Satisfied with service.")).to_be_visible()
    card = open_page(f"{site}/metrics").locator("[data-metric=csat]")
    expect(card).to_contain_text("no data: needs satisfaction ratings")
    rows = open_page(f"{site}/metric/csat").locator(".rows")
    expect(rows).to_contain_text("no data: needs satisfaction ratings")


DESK = frozenset({"csat", "first_reply_time", "full_resolution_time"})


def test_a_desk_alone_has_a_page_worth_reading(
    database_url: str, serve: Callable[[str], str], open_page: Open
) -> None:
    seed(database_url, without=frozenset(SERIES) - DESK)
    publish(database_url, COMPANY, PASSED, AS_OF)
    page = open_page(serve(database_url))
    expect(page.locator(".star")).to_contain_text("In place of the north star")
    expect(page.locator(".star h2")).to_have_text("Customer satisfaction")
    titles = page.locator("article.card header > h3")
    expect(titles).to_have_text(["First reply time", "Full resolution time"])
    assert page.get_by_text("no data").count() == 1  # that of the staff strip
    expect(page.locator(".missing")).to_contain_text("With orders: Retention rate")
    assert _height(page) <= 900
    assert _serious(page) == []


def test_colour_is_kept_for_signals(site: str, open_page: Open) -> None:
    page = open_page(site)
    toned = page.locator(".tone-good, .tone-bad")
    assert toned.count() > 0
    assert page.locator(".mark-target.tone-good, .mark-target.tone-bad").count() == 0
    assert all(text.strip() for text in toned.all_inner_texts())


def test_a_click_opens_rows_that_add_up_to_the_card(site: str, open_page: Open) -> None:
    page = open_page(site)
    page.locator("[data-metric=retention_rate]").click(position={"x": 60, "y": 100})
    expect(page).to_have_url(f"{site}/metric/retention_rate")
    foot = page.locator(".rows tfoot")
    expect(foot).to_contain_text("Sum of all 9,400 rows")
    assert foot.get_by_text("equal", exact=True).count() == 2
    page.get_by_role("link", name="Further rows").click()
    expect(page.locator(".rows")).to_contain_text("Showing 51 to 100 of 9,400 rows")


def test_the_keyboard_alone_reaches_rows_and_comes_back(site: str, open_page: Open) -> None:
    page = open_page(site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".star a.open")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The rows behind it")).to_be_visible()
    page.get_by_role("link", name="Back to the scorecard").focus()
    page.keyboard.press("Enter")
    expect(page.locator("article.card")).to_have_count(12)
    expect(page.locator(".star:target")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".star a.open")).to_be_focused()


def test_a_definition_opens_and_closes_by_keyboard(site: str, open_page: Open) -> None:
    page = open_page(site)
    page.get_by_role("button", name="Definition of Net promoter score").focus()
    page.keyboard.press("Enter")
    sheet = page.locator("#definition-nps")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Promoters minus detractors")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_a_chosen_segment_reaches_every_card(site: str, open_page: Open) -> None:
    page = open_page(site)
    page.get_by_label("Segment").select_option("brand:Harbour")
    page.wait_for_url("**segment=brand*")
    expect(page.locator("[data-metric=retention_rate]")).to_contain_text("n 1,880")
    page.locator("[data-metric=retention_rate] a.open").click()
    assert "segment=brand" in page.url


def test_arrow_keys_look_through_a_filter_and_enter_chooses(site: str, open_page: Open) -> None:
    page = open_page(site)
    page.get_by_role("combobox", name="Period").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("combobox", name="Period").input_value()
    assert chosen
    assert page.url == f"{site}/"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**period={chosen}*")


def test_every_metric_can_be_reached(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/metrics")
    assert page.locator("article.card").count() == len(definitions())
    expect(page.locator("[data-metric=campaign_roi]")).to_be_visible()
    expect(page.locator("[data-metric=first_reply_time]")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/metrics", "/metric/retention_rate"])
def test_no_serious_barrier(site: str, open_page: Open, path: str, scheme: str) -> None:
    assert _serious(open_page(site + path, scheme=scheme)) == []


def test_no_serious_barrier_in_the_file(file: str, open_page: Open) -> None:
    page = open_page(f"{file}#metric-retention_rate")
    assert _serious(page) == []


@pytest.mark.parametrize("width", [320, 390, 820, 1200])
@pytest.mark.parametrize("path", ["/", "/metrics", "/metric/retention_rate"])
def test_no_screen_scrolls_sideways(site: str, open_page: Open, path: str, width: int) -> None:
    assert _width(open_page(site + path, width=width)) <= width


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_a_long_reason_of_the_running_month_stays_in_its_card(
    site: str, open_page: Open, width: int
) -> None:
    page = open_page(site, width=width)
    reason = " 147 of 147 negative conversations with one scored message alone"
    add = "(all, words) => all.forEach((each) => each.append(words))"
    page.locator(".card .running").evaluate_all(add, reason)
    assert _width(page) <= width


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_a_history_shows_its_newest_month_on_every_screen(
    site: str, open_page: Open, width: int
) -> None:
    drawn = open_page(f"{site}/metric/retention_rate", width=width).locator(".history svg:visible")
    assert drawn.count() == 1
    newest = drawn.get_by_text("Nov 2026").bounding_box()
    assert newest is not None and newest["x"] >= 0
    assert newest["x"] + newest["width"] <= width
    assert newest["height"] >= 9


def test_no_sliver_of_a_row_shows_beneath_the_sums(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/metric/retention_rate")
    foot, box = page.locator(".rows tfoot").bounding_box(), page.locator(".scroll").bounding_box()
    assert foot and box
    assert abs(foot["y"] + foot["height"] - box["y"] - box["height"]) < 1
    gaps = page.evaluate(
        "(() => { const [a, b] = [...document.querySelectorAll('.rows tfoot tr')]"
        ".map((row) => row.getBoundingClientRect()); return b.top - a.bottom; })()"
    )
    assert gaps == pytest.approx(0, abs=0.01)


def test_a_segment_that_no_list_offers_is_shown_as_chosen(site: str, open_page: Open) -> None:
    page = open_page(f"{site}/?segment=campaign:shop%3Aspring&period=2026-07-15")
    segment = page.get_by_role("combobox", name="Segment")
    assert segment.input_value() == "campaign:shop:spring"
    expect(segment.locator("optgroup[label=Campaign] option")).to_have_text(["shop:spring"])
    assert page.get_by_role("combobox", name="Period").input_value() == "2026-07-01"
    expect(page.locator("[data-metric=retention_rate]")).to_contain_text("not measured for this")


def _sheets(page: Page) -> int:
    return page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")


def test_the_board_is_printed_on_one_sheet_that_names_what_was_chosen(
    site: str, open_page: Open
) -> None:
    page = open_page(f"{site}/?segment=brand:Harbour&period=2026-09-01", scheme="dark")
    page.emulate_media(media="print")
    expect(page.get_by_text("brand Harbour, Sep 2026")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).color") == (
        "rgb(27, 33, 38)"
    )
    assert _sheets(page) == 1


def test_dark_and_light_differ_and_the_choice_is_kept(site: str, open_page: Open) -> None:
    page = open_page(site, scheme="dark")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(paper)
    page.get_by_role("button", name="Dark").click()
    light = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == light


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(site: str, open_page: Open) -> None:
    page = open_page(site)
    assert page.locator("[style], [onclick]").count() == 0
    policy = page.request.get(site).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_an_empty_warehouse_says_what_to_do(
    database_url: str, serve: Callable[[str], str], open_page: Open
) -> None:
    page = open_page(serve(database_url))
    expect(page.get_by_role("heading", name="The warehouse is empty")).to_be_visible()
    expect(page.get_by_text("concord run")).to_be_visible()
    assert _serious(page) == []


def test_a_first_run_that_was_stopped_says_why(
    database_url: str, serve: Callable[[str], str], open_page: Open
) -> None:
    outcome = GateOutcome("arrival: shop", False, 12, ("orders: 3 rows against 410 usually",))
    hold(database_url, COMPANY, [outcome], AS_OF)
    page = open_page(serve(database_url))
    expect(page.get_by_text("orders: 3 rows against 410 usually")).to_be_visible()


def test_the_file_works_alone(file: str, open_page: Open) -> None:
    page = open_page(file)
    assert _height(page) <= 900
    page.locator("[data-metric=retention_rate] a.open").click()
    opened = page.locator("#metric-retention_rate")
    expect(opened).to_be_visible()
    expect(opened).to_contain_text("Showing 1 to 100 of 9,400 rows")
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    expect(page.locator("[data-metric=retention_rate] a.open")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#metric-retention_rate").get_by_role("link", name="Back").press("Enter")
    expect(opened).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.locator("[data-metric=retention_rate] a.open")).to_be_focused()
