"""The web application and the exports over a real warehouse, without a browser."""

import csv
import io
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import psycopg
import pytest
from fastapi.testclient import TestClient

from dashboards.scorecard import definition
from dashboards.scorecard.app import create_app
from dashboards.scorecard.card_rows import card_rows
from dashboards.scorecard.contract import KEYS
from dashboards.scorecard.export import export
from dashboards.scorecard.image import svg
from dashboards.scorecard.page import Filters, scorecard_page
from dashboards.scorecard.publication import publish
from dashboards.scorecard.queries import open_reader
from dashboards.scorecard.records import Company, GateOutcome
from orchestration.page import names_known
from tests.browser.seeded_warehouse import AS_OF, MONTHS, seed, seed_joint
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parents[2]
PASSED = [GateOutcome("publishable: scorecard", True, 41)]


@pytest.fixture
def warehouse(copied: Copied) -> str:
    return copied(_publish)


def _publish(url: str) -> None:
    seed(url)
    publish(url, Company("Northwind", True), PASSED, AS_OF)


@pytest.fixture
def client(warehouse: str) -> TestClient:
    return TestClient(create_app(warehouse), raise_server_exceptions=False)


def test_json_is_the_public_contract(client: TestClient, warehouse: str, tmp_path: Path) -> None:
    answer = client.get("/scorecard.json")
    assert answer.headers["concord-contract-version"] == "2.0"
    schema = json.loads((ROOT / "dashboards/scorecard/scorecard.schema.json").read_text())
    jsonschema.validate(answer.json(), schema)
    export(warehouse, "json", tmp_path / "scorecard.json")
    assert json.loads((tmp_path / "scorecard.json").read_text()) == answer.json()


def test_a_figure_of_persons_says_what_orders_of_nobody_could_make_of_it(database_url: str) -> None:
    seed(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "create table marts.identity_bounds as select 'retention_rate' as metric_id,"
            " %s::date as period_start, 1 as order_count, 61.24 as value_if_new,"
            " 63.96 as value_if_known",
            [MONTHS[-2]],
        )
    publish(database_url, Company("Northwind", True), PASSED, AS_OF)
    client = TestClient(create_app(database_url))
    new, known = "61.2\u2009%", "64.0\u2009%"
    words = f"{new} if 1 order without a person came from new ones, {known} if from known ones"
    assert words in client.get("/metric/retention_rate").text
    for other in ("retention_rate?segment=brand:Northwind", f"retention_rate?period={MONTHS[-3]}"):
        assert "without a person" not in client.get(f"/metric/{other}").text


def test_csv_says_the_same_as_json(client: TestClient, warehouse: str, tmp_path: Path) -> None:
    export(warehouse, "csv", tmp_path / "scorecard.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "scorecard.csv").read_text())))
    reported = client.get("/scorecard.json").json()
    assert tuple(rows[0]) == KEYS
    assert len(rows) == len(reported)
    assert float(rows[0]["value"]) == reported[0]["value"]
    assert {row["is_partial"] for row in rows} == {"true", "false"}


def test_a_name_that_reads_like_a_formula_is_a_text_to_a_spreadsheet(
    database_url: str, tmp_path: Path
) -> None:
    names = ("=1+1", "+49", "-18", "@sum", "\tweb", "\rweb")
    seed(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("delete from marts.scorecard where segment_value <> 'web'")
        connection.execute(
            "update marts.scorecard as s set segment_value = named.name"
            " from unnest(%s::text[], %s::date[]) as named (name, month)"
            " where s.period_start = named.month",
            (list(names), MONTHS[: len(names)]),
        )
    publish(database_url, Company("Northwind", True), PASSED, AS_OF)
    export(database_url, "csv", tmp_path / "scorecard.csv")
    export(database_url, "json", tmp_path / "scorecard.json")
    with (tmp_path / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        cells = [row for row in csv.DictReader(file) if row["period_start"] < str(MONTHS[6])]
    assert {cell["segment_value"] for cell in cells} == {
        f"'{name}".replace("\r", " ") for name in names
    }
    assert not [cell for cell in cells if cell["metric_id"].startswith("'")]
    assert '"segment_value": "=1+1"' in (tmp_path / "scorecard.json").read_text()


@pytest.mark.parametrize(("format", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_pictures_are_drawn_without_a_browser(
    warehouse: str, tmp_path: Path, format: str, start: bytes
) -> None:
    path = tmp_path / "deep" / f"scorecard.{format}"
    export(warehouse, format, path)
    assert path.read_bytes().startswith(start)
    assert path.stat().st_size > 20_000
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_picture_shows_the_joint_figures_and_nothing_in_their_place(database_url: str) -> None:
    def drawn() -> str:
        publish(database_url, Company("Northwind", True), PASSED, AS_OF)
        with open_reader(database_url) as reader:
            return svg(scorecard_page(reader, Filters(), definition.load()))

    seed(database_url)
    assert ">Together<" not in drawn()
    seed_joint(database_url)
    picture = drawn()
    assert ">Together<" in picture
    for text in ("Service credit", "14.0", "Kept after a broken promise", "Crises"):
        assert f">{text}" in picture
    assert "(\u22129.0 \u2013 \u22121.0)" in picture


@pytest.mark.parametrize("format", ["json", "csv", "html", "png", "pdf"])
def test_an_empty_warehouse_exports_without_a_fault(
    database_url: str, tmp_path: Path, format: str
) -> None:
    export(database_url, format, tmp_path / "out")
    assert (tmp_path / "out").stat().st_size > 0


def test_an_unknown_format_is_named(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'xls' is none of json, csv, html, png, pdf"):
        export(database_url, "xls", tmp_path / "out")


def test_a_link_stays_one_and_a_pipe_is_written_to(warehouse: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    export(warehouse, "json", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor(1) as elsewhere:
        read = elsewhere.submit((tmp_path / "pipe").read_bytes)
        export(warehouse, "json", tmp_path / "pipe")
        assert read.result(timeout=60) == (tmp_path / "file").read_bytes()


def test_the_file_needs_nothing_from_outside(warehouse: str, tmp_path: Path) -> None:
    export(warehouse, "html", tmp_path / "scorecard.html")
    text = (tmp_path / "scorecard.html").read_text()
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", text)
    assert 'http-equiv="Content-Security-Policy"' in text
    assert "unsafe" not in text
    assert len(text) < 2_000_000


@pytest.mark.parametrize("path", ["/", "/metrics", "/metric/nps", "/scorecard.json", "/nope"])
def test_every_answer_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?period=yesterday", 400),
        ("/?segment=Harbour", 400),
        ("/metric/unheard_of", 404),
        ("/metric/nps?offset=-1", 400),
        ("/metric/nps?offset=first", 400),
        ("/metric/nps?offset=99999999999999999999999", 400),
        ("/?segment=brand:%00", 400),
        ("/?segment=brand:Nobody", 200),
        ("/?period=1999-01-01", 200),
        ("/metric/nps?period=1999-01-01", 200),
        ("/metric/nps?offset=100000", 200),
        ("/health", 200),
    ],
)
def test_odd_addresses_get_a_plain_answer(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize("path", ["/", "/metrics", "/metric/nps", "/scorecard.json", "/health"])
def test_a_monitor_may_ask_for_the_head_alone(client: TestClient, path: str) -> None:
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("called", "status"),
    [
        ("localhost:8321", 200),
        ("LOCALHOST", 200),
        ("127.0.0.1:8321", 200),
        ("[::1]:8321", 200),
        ("scorecard.corp", 200),
        ("elsewhere.example:8321", 421),
        ("localhost.elsewhere.example", 421),
        ("[::1", 421),
        ("", 421),
    ],
)
def test_on_loopback_it_answers_to_known_names_alone(
    warehouse: str, called: str, status: int
) -> None:
    app = create_app(warehouse, names_known("127.0.0.1", ["Scorecard.corp"]))
    answer = TestClient(app).get("/", headers={"Host": called})
    assert (answer.status_code, "Northwind" in answer.text) == (status, status == 200)


def test_where_it_is_set_to_listen_it_answers_to_any_name(warehouse: str) -> None:
    app = create_app(warehouse, names_known("0.0.0.0", []))
    assert TestClient(app).get("/", headers={"Host": "anything.example"}).status_code == 200


def test_what_a_reader_writes_into_the_address_is_never_markup(client: TestClient) -> None:
    answer = client.get("/", params={"segment": "brand:<script>alert(1)</script>"})
    assert "<script>alert" not in answer.text


def test_a_warehouse_out_of_reach_leaks_no_secret() -> None:
    url = "postgresql://concord:very-secret@127.0.0.1:1/concord"
    answer = TestClient(create_app(url), raise_server_exceptions=False).get("/")
    assert answer.status_code == 503
    assert "very-secret" not in answer.text


def test_a_chosen_period_is_the_one_on_the_cards(client: TestClient) -> None:
    text = client.get("/", params={"period": MONTHS[12].isoformat()}).text
    assert f"{MONTHS[12]:%b %Y}" in text.split("article", 2)[1]


def test_rows_of_a_segment_are_only_its_own(warehouse: str) -> None:
    with open_reader(warehouse) as reader:
        definition = reader.definitions()["retention_rate"]
        series = reader.series([("retention_rate", "brand", "Harbour")])
        card = next(row for row in series if row.period_start == MONTHS[-2])
        found = card_rows(reader, definition, card, 0, 10)
    assert found is not None
    place = found.columns.index("brand")
    assert {row[place] for row in found.rows} == {"Harbour"}
    assert found.total == 4700


def test_addresses_within_texts_are_blotted_out(client: TestClient) -> None:
    text = client.get("/metric/net_sentiment").text
    assert "Write to me at [e-mail]" in text
    assert "example.org" not in text
    assert "@somebody" not in text
