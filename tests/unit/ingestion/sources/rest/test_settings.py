"""Risk: a fault in the declaration of an API is found at night, or a secret goes unencrypted."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ingestion.errors import ConfigurationFaults
from ingestion.sources import build, entities
from ingestion.sources.rest import authentication, endpoints, sections, settings
from ingestion.sources.rest.endpoints import PAGINGS
from ingestion.sources.rest.settings import read_mapping

DOCS = (Path(__file__).parents[5] / "docs" / "apis.md").read_text()
EXAMPLES = re.findall(r"```toml\n(\[+sources.*?)```", DOCS, re.DOTALL)
DESK = """
kind = "rest"
base_url = "https://desk.example/api"
[[endpoints]]
name = "tickets"
path = "/tickets"
[[endpoints]]
name = "comments"
path = "/tickets/{id}/comments"
parent = "tickets"
[[entities]]
entity = "tickets"
endpoint = "tickets"
[entities.columns]
ticket_id = "id"
created_at = "opened"
"""
LOOKUP = '{{ from = "opened", lookup = {{ endpoint = "{}", key = "a", value = "b" }} }}'


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigurationFaults) as caught:
        build("desk", tomllib.loads(text), Path())
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("https://desk.example/api", "desk.example", "base_url: is not a web address"),
        ("https://desk.example/api", "https://ann:pw@desk.example", "holds a name or a password"),
        ('"/tickets"', '"https://other.example/tickets"', "is not a path below base_url"),
        ('"/tickets"', '"//other.example/tickets"', "is not a path below base_url"),
        ("{id}", "{id", "has a brace that nothing closes"),
        ('parent = "tickets"', 'parent = "ticket"', "there is no endpoint 'ticket'"),
        ('name = "comments"', 'name = "tickets"', "'tickets' is named more than once"),
        ('endpoint = "tickets"', 'endpoint = "tikets"', "Did you mean tickets?"),
        ('"/tickets"', '"/tickets"\nbody = { a = 1 }', 'Set method = "POST"'),
        ('"/tickets"', '"/tickets"\npages = { type = "pge" }', "pages.type"),
        ('"/tickets"', '"/tickets"\npages = { type = "offset" }', "need size"),
        ('"/tickets"', '"/tickets"\npages = { type = "page", size = 3 }', "have no size"),
        (
            '"/tickets"',
            '"/tickets"\npages = { type = "cursor", path = "next" }',
            "need param or body_path",
        ),
        (
            '"/tickets"',
            '"/tickets"\npages = { type = "last_record", path = "id" }',
            "pages of type 'last_record' need param",
        ),
        (
            '"/tickets"',
            '"/tickets"\npages = { type = "next_link", path = "n", has_more = "m", end = "e" }',
            "has has_more and end at once",
        ),
        ('"/tickets"', '"/tickets"\npages = { type = "page", end = "e" }', "have no end"),
        (
            'parent = "tickets"',
            'parent = "tickets"\nsince = { param = "since", field = "at" }',
            "contradicts since",
        ),
        (
            '"/tickets"',
            '"/tickets"\nsince = { body_path = "since", field = "at" }',
            "since: body_path is for requests with a body",
        ),
        (
            '"/tickets"',
            '"/tickets"\nmethod = "POST"\nbody = { filter = [{ at = "" }] }\n'
            'since = { body_path = "filter.1.at", field = "at" }',
            "since: the body has no place 'filter.1.at'",
        ),
        ('"/tickets"', '"/tickets"\nsince = { field = "at" }', "since: has none of param"),
        (
            '"/tickets"',
            '"/tickets"\nsince = { param = "q", text = "updated>", field = "at" }',
            "since.text: has no place for the time",
        ),
        (
            'path = "/tickets"\n',
            'path = "/tickets"\nsince = { param = "since", field = "at" }\n',
            "Remove it, or remove `since`",
        ),
        (
            '"opened"',
            '{ from = "opened", lookup = { path = "a.csv", key = "a", value = "b" } }',
            "lookup.path: there is no such key",
        ),
        ('"opened"', LOOKUP.format("ticket"), "Did you mean tickets?"),
        ('"opened"', LOOKUP.format("comments"), "comments is asked for each record of tickets"),
    ],
)
def test_a_fault_is_named_with_its_place_before_anything_is_asked(old: str, new: str, fault: str):
    text = DESK.replace("[entities.columns]", "complete = true\n[entities.columns]")
    assert text.count(old) >= 1
    said = faults(text.replace(old, new, 1))
    assert any(fault in each for each in said), said


def test_an_endpoint_that_gives_what_changed_is_no_place_to_look_values_up():
    people = '[[endpoints]]\nname = "people"\npath = "/people"\n'
    people += 'since = { param = "since", field = "at" }\n[[entities]]'
    text = DESK.replace("[[entities]]", people).replace('"opened"', LOOKUP.format("people"))
    (fault,) = faults(text)
    assert "lookup.endpoint: people gives what changed" in fault


SIBLINGS = """
[[endpoints]]
name = "{}"
path = "/tickets/{{id}}/{}"
parent = "tickets"
"""


@pytest.mark.parametrize(("looked_up", "is_there"), [("authors", True), ("readers", False)])
def test_values_of_a_child_are_looked_up_only_where_they_are_read_before(looked_up, is_there):
    authors, readers = (SIBLINGS.format(name, name) for name in ("authors", "readers"))
    text = DESK.replace(
        '[[endpoints]]\nname = "comments"', f'{authors}[[endpoints]]\nname = "comments"'
    )
    text = text.replace("[[entities]]", f"{readers}[[entities]]")
    text = text.replace('endpoint = "tickets"', 'endpoint = "comments"')
    text = text.replace('"opened"', LOOKUP.format(looked_up))
    if is_there:
        assert build("desk", tomllib.loads(text), Path())
    else:
        (fault,) = faults(text)
        assert f"{looked_up} is asked for each record of tickets" in fault


REMOVAL = """
[[entities]]
entity = "tickets"
endpoint = "comments"
removes = true
[entities.columns]
ticket_id = "id"
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('ticket_id = "id"', 'subject = "id"', "columns.ticket_id: tickets needs this column"),
        ('ticket_id = "id"', 'ticket_id = "id"\ntopic = "s"', "Map the key alone: ticket_id"),
        ("removes = true", "removes = true\ncomplete = true", "removes: contradicts complete"),
        ("removes = true", "removes = true\ngroup = true", "removes: contradicts group"),
    ],
)
def test_a_section_that_removes_names_rows_by_their_key_alone(old: str, new: str, fault: str):
    assert build("desk", tomllib.loads(DESK + REMOVAL), Path())
    said = faults(DESK + REMOVAL.replace(old, new))
    assert any(fault in each for each in said), said


def test_a_section_that_removes_what_none_brings_is_a_slip():
    removal = REMOVAL.replace("tickets", "agents").replace("ticket_id", "agent_id")
    (fault,) = faults(DESK + removal)
    assert "no section brings the agents that one removes" in fault


@pytest.mark.parametrize(
    ("auth", "fault"),
    [
        ('{ type = "bearr", token = "x" }', "Did you mean bearer?"),
        ('{ type = "bearer" }', "auth.token: is missing"),
        ('{ type = "api_key", name = "X-Key", key = "k", place = "body" }', "auth.place"),
        ('{ type = "jwt", key = "id:not-hex", audience = "/admin/" }', "auth.key: is not an id"),
        (
            '{ type = "oauth2", token_url = "http://a.example", client_id = "a",'
            ' client_secret = "b" }',
            "would send secrets unencrypted",
        ),
        (
            '{ type = "login", token_url = "http://a.example", body = { a = "b" } }',
            "would send secrets unencrypted",
        ),
        ('{ type = "login", token_url = "https://a.example" }', "auth.body: is missing"),
    ],
)
def test_a_faulty_way_to_sign_in_is_named(auth: str, fault: str):
    said = faults(f"auth = {auth}\n{DESK}")
    assert any(fault in each for each in said), said


def test_secrets_go_over_encrypted_lines_alone():
    auth = 'auth = { type = "bearer", token = "s3cret" }\n'
    (fault,) = faults(auth + DESK.replace("https:", "http:"))
    assert "would send secrets unencrypted" in fault
    source = build("desk", tomllib.loads(auth + DESK), Path())
    assert "s3cret" not in repr(source)


@pytest.mark.parametrize(
    ("start", "pieces", "fault"),
    [
        ("", 'until = "to", window_days = 30', "needs a day on which the first window begins"),
        ("2024-01-01", 'until = "to"', "needs until and window_days together"),
        ("2024-01-01", "window_days = 30", "needs until and window_days together"),
        ("2024-01-01", 'until = "to", window_days = 30, ascending = true', "contradicts ascending"),
        ("2024-01-01", "most_pages = 300", "is for records in the order of their times"),
        (
            "2024-01-01",
            'until = "to", window_days = 28, lag_minutes = 40_320',
            "is no longer than lag_minutes",
        ),
    ],
)
def test_pieces_that_could_not_move_on_are_a_fault(start: str, pieces: str, fault: str):
    since = f'path = "/tickets"\nsince = {{ param = "from", field = "at", {pieces} }}\n'
    text = (f"start_date = {start}\n" if start else "") + DESK
    said = faults(text.replace('path = "/tickets"\n', since, 1))
    assert any(fault in each for each in said), said


@pytest.mark.parametrize(
    ("busy", "fault"),
    [
        ("{ codes = [4] }", "busy.path: is missing"),
        ('{ path = "error.code", codes = [] }', "busy.codes: has too few entries"),
        ('{ path = "error.code", codes = [4], minutes = 11 }', "busy.minutes: is too large"),
    ],
)
def test_codes_of_a_busy_api_that_could_not_be_found_are_a_fault(busy: str, fault: str):
    assert any(fault in each for each in faults(f"busy = {busy}\n{DESK}"))


def test_all_faults_are_named_at_once():
    text = DESK.replace("https:", "ftp:").replace('path = "/tickets"\n', 'path = "tickets"\n')
    assert len(faults(text)) == 2


def test_a_faulty_section_has_the_entities_that_can_be_read():
    assert entities({"kind": "rest", "entities": [{"entity": "tickets"}, 3]}) == {"tickets"}
    assert entities({"kind": "rest", "entities": None}) == set()


@pytest.mark.parametrize(
    "section",
    [
        settings.RestSection,
        endpoints.EndpointSection,
        endpoints.PagingSection,
        endpoints.CursorSection,
        sections.RestEntitySection,
        sections.EndpointLookupSection,
        settings.LimitsSection,
        settings.BusySection,
        *authentication.AUTHENTICATIONS.values(),
    ],
)
def test_every_key_is_documented(section: Any):
    common = {"entity", "where", "group", "null_values", "latest_by", "split", "unpivot", "columns"}
    keys = {field.alias or name for name, field in section.model_fields.items()} - common
    assert {key for key in keys if not re.search(rf"`{key}[`:]|\b{key} = ", DOCS)} == set()


def test_every_way_of_paging_and_signing_in_is_documented():
    kinds = {*PAGINGS, *authentication.AUTHENTICATIONS}
    assert {kind for kind in kinds if f'`"{kind}"`' not in DOCS} == set()


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_complete_example_is_a_good_declaration(example: str):
    for name, section in tomllib.loads(example)["sources"].items():
        assert read_mapping(name, section).entities
