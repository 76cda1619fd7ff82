"""Risk: a wrong mapping is found out one fault at a time, or only while loading."""

import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from ingestion.errors import ConfigurationFaults
from ingestion.sources import build

GOOD = """
kind = "files"
[[entities]]
entity = "orders"
path = "orders.csv"
[entities.columns]
order_id = "id"
ordered_at = "at"
gross_amount = "amount"
"""


def _faults(text: str, tmp_path: Path) -> dict[str, str]:
    for name in ("orders.csv", "orders.jsonl", "states.csv"):
        (tmp_path / name).touch()
    with pytest.raises(ConfigurationFaults) as caught:
        build("shop", tomllib.loads(text), tmp_path)
    return {fault.key.removeprefix("sources.shop."): fault.problem for fault in caught.value.faults}


def test_a_good_mapping_has_no_faults(tmp_path):
    (tmp_path / "orders.csv").touch()
    source = build("shop", tomllib.loads(GOOD), tmp_path)
    assert (source.name, source.kind) == ("shop", "files")
    assert [table.name for table in source.tables()] == ["orders"]


def test_every_fault_is_named_at_once(tmp_path):
    text = """
    kind = "files"
    time_zone = "Mars/Olympus"
    [[entities]]
    entity = "orders"
    path = "missing*.csv"
    encoding = "utf-99"
    where = [{ column = "a", is = "x", is_not = "y" }, { column = "b", matches = "(" }]
    [entities.columns]
    order_id = { from = "id", join = ["a", "b"] }
    ordered_at = { from = "at", format = "%Q" }
    status = { from = "state", aggregate = "sum", pattern = "no group" }
    colour = "colour"
    [[entities]]
    entity = "unicorns"
    path = "orders.csv"
    columns = { id = "id" }
    """
    assert set(_faults(text, tmp_path)) == {
        "time_zone",
        "entities[0].path",
        "entities[0].encoding",
        "entities[0].where[0]",
        "entities[0].where[1].matches",
        "entities[0].columns.order_id",
        "entities[0].columns.ordered_at.format",
        "entities[0].columns.status.aggregate",
        "entities[0].columns.status.pattern",
        "entities[0].columns.colour",
        "entities[0].columns.gross_amount",
        "entities[1].entity",
    }


def test_unknown_and_missing_keys_are_named_where_they_stand(tmp_path):
    text = GOOD.replace('path = "orders.csv"', 'file = "orders.csv"') + 'status = { form = "x" }'
    faults = _faults(text, tmp_path)
    assert set(faults) == {
        "entities[0].file",
        "entities[0].path",
        "entities[0].columns.status.form",
    }


def test_a_rating_without_its_scale_is_a_fault(tmp_path):
    text = """
    kind = "files"
    [[entities]]
    entity = "satisfaction_ratings"
    path = "orders.csv"
    columns = { rating_id = "id", score = "stars", rated_at = "at" }
    """
    faults = _faults(text, tmp_path)
    assert faults == {
        "entities[0].columns.scale_max": "satisfaction_ratings needs this column beside score"
    }
    stated = text.replace('"at" }', '"at", scale_max = 5 }')
    assert build("shop", tomllib.loads(stated), tmp_path).tables()


@pytest.mark.parametrize(
    ("right", "slip", "meant"),
    [
        ('kind = "files"', 'kind = "files"\ntimezone = "UTC"', "time_zone"),
        ('entity = "orders"', 'entity = "ordres"', "orders"),
        ("gross_amount", "gros_amount", "gross_amount"),
        ('"amount"', '{ from = "amount", defualt = 0 }', "default"),
    ],
)
def test_a_slip_of_the_pen_is_shown_what_was_meant(right: str, slip: str, meant: str, tmp_path):
    (tmp_path / "orders.csv").touch()
    with pytest.raises(ConfigurationFaults, match=rf"\. Did you mean {meant}\? Use one of: "):
        build("shop", tomllib.loads(GOOD.replace(right, slip)), tmp_path)


def test_an_unknown_kind_names_the_kinds(tmp_path):
    with pytest.raises(ConfigurationFaults, match="files, rest, sql"):
        build("shop", {"kind": "oracle"}, tmp_path)


def test_a_misspelt_key_hides_no_other_fault(tmp_path):
    text = """
    kind = "files"
    timezone = "UTC"
    time_zone = "Europe/Nowhere"
    [[entities]]
    entity = "ordres"
    path = "missing.csv"
    columns = { order_id = "id", ordered_at = { from = "at", format = "%Q" } }
    [[entities]]
    tpye = "csv"
    entity = "orders"
    path = ["orders.csv", "missing.csv"]
    where = ["paid", { column = "state" }]
    [entities.columns]
    order_id = { form = "id", pattern = "no group" }
    ordered_at = ["at"]
    colour = "colour"
    status = { from = "state", decimal = ",,", default = "unknwon" }
    """
    assert set(_faults(text, tmp_path)) == {
        "timezone",
        "time_zone",
        "entities[0].entity",
        "entities[0].path",
        "entities[0].columns.ordered_at.format",
        "entities[1].tpye",
        "entities[1].path",
        "entities[1].where[0]",
        "entities[1].where[1]",
        "entities[1].columns.order_id.form",
        "entities[1].columns.order_id.pattern",
        "entities[1].columns.ordered_at",
        "entities[1].columns.colour",
        "entities[1].columns.status.decimal",
        "entities[1].columns.status.default",
        "entities[1].columns.gross_amount",
    }


def test_what_follows_from_a_wrong_key_is_no_fault_of_its_own(tmp_path):
    text = """
    kind = "files"
    thousands = "."
    decimal = ",,"
    [[entities]]
    entity = "orders"
    path = [3]
    group = "yes, please"
    [entities.columns]
    order_id = { join = "id", separator = "-" }
    ordered_at = { from = "at", format = 3, default = "31.12.2024" }
    gross_amount = { from = "amount", aggregate = "sum" }
    """
    assert set(_faults(text, tmp_path)) == {
        "decimal",
        "entities[0].path[0]",
        "entities[0].group",
        "entities[0].columns.order_id.join",
        "entities[0].columns.ordered_at.format",
    }


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ('status = { from = "state", map = { paid = "complete" } }', "status.map.paid"),
        ('status = { from = "state", map = { "p a" = "complete" } }', 'status.map."p a"'),
        ('status = { from = "state", default = "unknwon" }', "status.default"),
        ('margin_amount = { value = "abc" }', "margin_amount.value"),
        ("refunded_amount = -1", "refunded_amount"),
        ('margin_amount = { from = "m", thousands = "." }', "margin_amount.thousands"),
        (
            'margin_amount = { from = "m", thousands = ",", decimal = "," }',
            "margin_amount.thousands",
        ),
        ('margin_amount = { from = "m", format = "%Y" }', "margin_amount.format"),
        ('margin_amount = { from = "m", html = true }', "margin_amount.html"),
        ('brand = { from = "b", separator = "-" }', "brand.separator"),
        ('brand = { from = "b", lookup = { path = "s*.csv", key = "a", value = "b" } }', None),
        ("margin_amount = { multiply = [2, 0.5] }", "margin_amount.multiply"),
        ('margin_amount = { multiply = ["c", 1e-10] }', "margin_amount.multiply"),
        ('margin_amount = { multiply = ["c", nan] }', "margin_amount.multiply[1]"),
        ('margin_amount = { multiply = ["c", true] }', "margin_amount.multiply[1]"),
        ('margin_amount = { add = ["c", 1e-10] }', "margin_amount.add"),
        ("margin_amount = { add = [1, 2] }", "margin_amount.add"),
        ('margin_amount = { add = ["c", { value = "x" }] }', "margin_amount.add"),
        ('margin_amount = { add = ["c", { form = "d" }] }', "margin_amount.add[1].form"),
        (
            'margin_amount = { add = ["c", { value = 1, default = 2 }] }',
            "margin_amount.add[1].default",
        ),
        ('margin_amount = { from = "c", subtract = ["d"] }', "margin_amount.subtract"),
        ('brand = { first_of = ["b"] }', "brand.first_of"),
        ('brand = { join = ["b", true] }', "brand.join[1]"),
        ('brand = { from = "b", replace = { "(" = "" } }', 'brand.replace."("'),
        ("brand = { from = 'b', replace = { 'x' = '\\1' } }", "brand.replace"),
        ('brand = { from = "b", duration = { from = "d", unit = "hours" } }', "brand.duration"),
        ('status = { from = "s", when = [{ column = "c", then = "d" }] }', "status.when[0]"),
        (
            'status = { from = "s", when = [{ column = "c", is = "x" }] }',
            "status.when[0].then",
        ),
        (
            'status = { from = "s", when = [{ column = "c", is = "x", then = { value = "y" } }] }',
            "status.when[0].then.value",
        ),
        (
            'status = { from = "s", when = [{ column = "c", is = "x", then = { form = "y" } }] }',
            "status.when[0].then.form",
        ),
        ('"Created At" = { from = "c" }', '"Created At"'),
        ('"Created At" = { form = "c" }', '"Created At".form'),
    ],
)
def test_what_a_load_would_stumble_over_is_known_before(columns: str, key: str | None, tmp_path):
    named = f"entities[0].columns.{key or 'brand.lookup.path'}"
    assert named in _faults(GOOD + columns, tmp_path)


@pytest.mark.parametrize(
    ("lines", "keys"),
    [
        ('latest_by = { from = "t", format = "%Q" }', {"latest_by.format"}),
        ("latest_by = ['t']", {"latest_by"}),
        ('latest_by = "t"\ngroup = true', {"latest_by"}),
        ('split = { column = "a" }', {"split.separator"}),
        ('split = { column = "a", separator = "" }', {"split.separator"}),
        ('unpivot = { columns = ["a"], name = "n" }', {"unpivot.columns", "unpivot.value"}),
        ('unpivot = { columns = ["a", "b"], name = "n", value = "n" }', {"unpivot"}),
        ('unpivot = { columns = ["a", "a"], name = "n", value = "v" }', {"unpivot"}),
    ],
)
def test_what_makes_other_rows_is_judged_with_the_rest(lines: str, keys: set[str], tmp_path):
    text = GOOD.replace("[entities.columns]", f"{lines}\n[entities.columns]\ncolour = 'c'")
    named = {f"entities[0].{key}" for key in (*keys, "columns.colour")}
    assert set(_faults(text, tmp_path)) == named


def test_a_day_takes_no_duration(tmp_path):
    campaign = """
    kind = "files"
    [[entities]]
    entity = "campaigns"
    path = "orders.csv"
    [entities.columns]
    campaign_id = "id"
    ends_on = { from = "starts", duration = { from = "days", unit = "day" } }
    """
    faults = _faults(campaign, tmp_path)
    assert set(faults) == {"entities[0].columns.ends_on.duration.unit"}
    faults = _faults(campaign.replace('"day"', '"days"'), tmp_path)
    assert faults == {
        "entities[0].columns.ends_on.duration": "is added to a time, and ends_on is date"
    }


def test_what_a_mapped_column_is_worth_nothing_without_is_needed_too(tmp_path):
    ratings = """
    kind = "files"
    [[entities]]
    entity = "satisfaction_ratings"
    path = "orders.csv"
    columns = { rating_id = "id", score = "stars", scale_max = 5 }
    """
    assert _faults(ratings, tmp_path) == {
        "entities[0].columns.rated_at": "satisfaction_ratings needs this column beside score"
    }


@pytest.mark.parametrize(
    "form", ["%d.%m.", "%H:%M", "%Y-%m-%d %I:%M", "%Y-%m-%d %Q", "no format", "%%Y"]
)
def test_a_time_format_that_names_no_time_is_a_fault(form: str, tmp_path):
    text = GOOD.replace('ordered_at = "at"', f'ordered_at = {{ from = "at", format = "{form}" }}')
    assert set(_faults(text, tmp_path)) == {"entities[0].columns.ordered_at.format"}


@pytest.mark.parametrize(("column", "kind"), [("ordered_at", "timestamp"), ("status", "text")])
def test_what_has_no_sum_is_not_summed(column: str, kind: str, tmp_path):
    text = GOOD.replace("[entities.columns]", "group = true\n[entities.columns]")
    text = text.replace(
        'ordered_at = "at"', 'ordered_at = { from = "at" }\nstatus = { from = "s" }'
    )
    text = text.replace(f"{column} = {{", f'{column} = {{ aggregate = "sum",')
    assert _faults(text, tmp_path) == {
        f"entities[0].columns.{column}.aggregate": f"{column} is {kind}, which has no sum"
    }


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("path = []", "path"),
        ('path = ""', "path"),
        ('path = "**.csv"', "path"),
        ('path = "orders.csv"\nrows = "lines"', "rows"),
        ('path = "orders.jsonl"\nformat = "csv"\nrows = "lines"', "rows"),
        *(
            (f'path = "orders.csv"\ndelimiter = "{sign}"', "delimiter")
            for sign in ("", ";;", "§", "\\n", '\\"')
        ),
        *(
            (f'path = "orders.csv"\nencoding = "{name}"', "encoding")
            for name in ("rot13", "base64", "hex", "undefined", "utf-99", "")
        ),
    ],
)
def test_a_file_that_could_not_be_read_as_configured_is_a_fault(line: str, key: str, tmp_path):
    assert set(_faults(GOOD.replace('path = "orders.csv"', line), tmp_path)) == {
        f"entities[0].{key}"
    }


def test_a_lookup_is_judged_as_a_file_is(tmp_path):
    lookup = 'path = "nope.csv", key = "a", value = "b", delimiter = ";;", encoding = "hex"'
    column = f'brand = {{ from = "b", lookup = {{ {lookup} }} }}'
    assert set(_faults(GOOD + column, tmp_path)) == {
        f"entities[0].columns.brand.lookup.{key}" for key in ("path", "delimiter", "encoding")
    }


def test_what_looks_like_those_faults_and_is_none_passes(tmp_path):
    text = """
    kind = "files"
    decimal = ","
    thousands = "."
    [[entities]]
    entity = "orders"
    path = ["orders.jsonl"]
    rows = "lines"
    group = true
    [entities.columns]
    order_id = { join = ["a", "b"], separator = "-" }
    ordered_at = { from = "at", format = ["%d.%m.%y %I:%M %p", "iso", "unix"], aggregate = "min" }
    gross_amount = { from = "amount", default = "1.000,50", aggregate = "sum" }
    status = { value = "COMPLETED", lower = true }
    brand = { value = "x1", pattern = '(\\d)' }
    """
    (tmp_path / "orders.jsonl").touch()
    assert build("shop", tomllib.loads(text), tmp_path).tables()


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"^(\d+)", "17850.0", "17850"),
        (r"\[#(\d+)\]", "Re: [#42] parcel", "42"),
        (r"(\d+)[a-z]", "12c", "12"),
        (r"(?P<number>\d+)", "no. 7", "7"),
        (r"(?:a|b)(?i:x)(\d)", "bX3", "3"),
        (r"[(](\w+)[)]", "(x)", "x"),
        (r"[])(](\w)", ")y", "y"),
        (r"[[:alpha:](]\((\w)", "a(z", "z"),
        (r"\Q(\E(\w)", "(q", "q"),
        (r"\\(\w)", "\\w", "w"),
    ],
)
def test_a_pattern_takes_what_its_one_group_matches(pattern, text, found, tmp_path):
    (tmp_path / "orders.csv").touch()
    section = tomllib.loads(GOOD)
    section["entities"][0]["columns"]["brand"] = {"from": "b", "pattern": pattern}
    (entity,) = build("shop", section, tmp_path).mapping.entities
    values = pc.extract_regex(pa.array([text]), entity.mapping.columns[-1].pattern)
    assert pc.struct_field(values, [0]).to_pylist() == [found]


@pytest.mark.parametrize("pattern", [r"\(x\)", "[(]x[)]", "(?:x)", "(a)(b)", "(?P<a>a)|(b)", "x"])
def test_a_pattern_without_its_one_group_is_a_fault(pattern: str, tmp_path):
    column = f"brand = {{ from = 'b', pattern = '{pattern}' }}"
    assert set(_faults(GOOD + column, tmp_path)) == {"entities[0].columns.brand.pattern"}


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ("path = 3", "path", "is not a text or a list"),
        ('path = "orders.csv"\ngroup = "x"', "group", "is not true or false"),
        (
            'path = "orders.csv"\nformat = "xls"',
            "format",
            "is not 'csv', 'json', 'jsonl', 'parquet', 'xlsx' or 'ods'",
        ),
        ('path = "orders.csv"\nskip_lines = -1', "skip_lines", "is too small; 0 at least"),
        ('path = "orders.csv"\nwhere = ["x"]', "where[0]", "is not a table"),
    ],
)
def test_a_value_of_another_kind_is_said_to_be_in_plain_words(line, key, words, tmp_path):
    faults = _faults(GOOD.replace('path = "orders.csv"', line), tmp_path)
    assert faults == {f"entities[0].{key}": words}


def test_a_source_that_is_only_begun_is_shown_what_it_lacks(tmp_path):
    assert set(_faults('kind = "files"', tmp_path)) == {"entities"}
    assert set(_faults('kind = "files"\n[[entities]]', tmp_path)) == {
        "entities[0].entity",
        "entities[0].path",
        "entities[0].columns",
    }


@pytest.mark.parametrize("sign", ["5", "-", "(", "e"])
@pytest.mark.parametrize("key", ["decimal", "thousands"])
def test_a_sign_that_numbers_have_for_something_else_is_none(key: str, sign: str, tmp_path):
    inside = GOOD.replace(
        'gross_amount = "amount"', f'gross_amount = {{ from = "a", {key} = "{sign}" }}'
    )
    name = f"entities[0].columns.gross_amount.{key}"
    assert set(_faults(inside, tmp_path)) == {name}
    around = GOOD.replace('kind = "files"', f'kind = "files"\n{key} = "{sign}"')
    assert set(_faults(around, tmp_path)) == {key}
