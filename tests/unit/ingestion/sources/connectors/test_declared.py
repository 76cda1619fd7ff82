"""Risk: what a user writes of a connector is lost on the way, or a fault names a key of ours."""

from pathlib import Path
from typing import Any

import pytest

from ingestion.errors import ConfigurationFaults, Fault
from ingestion.sources import build, entities
from ingestion.sources.connectors.declared import filled
from ingestion.sources.connectors.description import DOCUMENT, with_table
from ingestion.sources.rest.declarations import RestMapping

ROOT = Path(__file__).parents[5]
DESK = {"kind": "freshdesk", "address": "https://acme.example", "api_key": "a-key"}


def mapping_of(**given: Any) -> RestMapping:
    return build("desk", {**DESK, **given}, Path()).mapping


def column(mapping: RestMapping, section: str, entity: str, name: str) -> str | None:
    """Return the field from which a column of a section is read."""
    (found,) = [e for e in mapping.entities if (e.section, e.table.name) == (section, entity)]
    parts = [each.parts for each in found.mapping.columns if each.target.name == name]
    return parts[0][0].field if parts else None


def faults_of(**given: Any) -> tuple[Fault, ...]:
    with pytest.raises(ConfigurationFaults) as caught:
        mapping_of(**given)
    return caught.value.faults


def test_a_column_of_the_users_own_stands_beside_the_connectors():
    mapping = mapping_of(entities={"tickets": {"columns": {"brand": "custom_fields.brand"}}})
    assert column(mapping, "tickets", "tickets", "brand") == "custom_fields.brand"
    assert column(mapping, "tickets", "tickets", "customer_id") == "requester_id"


def test_a_column_of_the_users_own_is_none_of_rows_that_leave():
    mapping = mapping_of(entities={"tickets": {"columns": {"brand": "custom_fields.brand"}}})
    assert column(mapping, "deleted", "tickets", "brand") is None
    (fault,) = faults_of(entities={"tickets": {"columns": {"brand": "x"}, "endpoint": "deleted"}})
    assert "no endpoint 'deleted' fills tickets" in str(fault)


def test_a_column_of_the_users_own_takes_the_place_of_the_connectors():
    mapping = mapping_of(entities={"tickets": {"columns": {"topic": "custom_fields.topic"}}})
    assert column(mapping, "tickets", "tickets", "topic") == "custom_fields.topic"


def test_a_column_may_be_for_one_endpoint_of_several():
    own = {"columns": {"brand": "to"}, "endpoint": "conversations"}
    mapping = mapping_of(entities={"messages": own})
    assert column(mapping, "conversations", "messages", "brand") == "to"
    assert column(mapping, "tickets", "messages", "brand") is None


def test_a_condition_of_the_users_own_does_not_undo_the_connectors():
    own = {"columns": {}, "where": [{"column": "tags", "has_not": ["training"]}]}
    mapping = mapping_of(entities={"messages": {**own, "endpoint": "tickets"}})
    by_section = {(each.section, each.table.name): each.mapping.where for each in mapping.entities}
    asked = by_section["tickets", "messages"]
    assert [(each.column, each.operator) for each in asked] == [
        ("tags", "has_not"),
        ("source", "is_not"),
    ]
    assert by_section["conversations", "messages"] == ()


def test_what_is_left_out_is_not_asked_for():
    mapping = mapping_of(leave_out=["messages", "satisfaction_ratings", "agents"])
    assert [each.name for each in mapping.endpoints] == ["tickets", "spam", "deleted", "contacts"]
    assert entities({**DESK, "leave_out": ["agents"]}) & {"agents", "tickets"} == {"tickets"}


def test_a_parent_that_fills_nothing_is_asked_for_its_children():
    mapping = mapping_of(leave_out=["tickets", "satisfaction_ratings", "customers"])
    names = [each.name for each in mapping.endpoints]
    assert names == ["tickets", "conversations", "deleted", "groups", "members"]


def test_what_any_api_may_have_reaches_it():
    mapping = mapping_of(limits={"answer_megabytes": 3, "calls_per_minute": 60})
    assert (mapping.api.answer_megabytes, mapping.api.pause) == (3, 1)


def test_what_a_user_says_of_an_api_does_not_undo_what_the_connector_does():
    desk = {"kind": "zendesk", "address": "https://a.example", "email": "e", "api_token": "t"}
    mapping = build("desk", {**desk, "null_values": ["n/a"], "decimal": ","}, Path()).mapping
    for column in mapping.entities[0].mapping.columns:
        assert {"n/a", "1970-01-01T00:00:00Z"} <= set(column.null_values)
        assert column.notation.decimal == ","
    shop = {"kind": "shopify", "address": "https://a.example", "client_id": "i"}
    limits = {"client_secret": "s", "limits": {"answer_megabytes": 3}}
    api = build("shop", {**shop, **limits}, Path()).mapping.api
    assert (api.answer_megabytes, api.pause) == (3, 1)


@pytest.mark.parametrize(
    ("given", "key", "problem"),
    [
        ({"address": "desk"}, "address", "is not a web address"),
        ({"address": "http://desk.example"}, "address", "would send secrets unencrypted"),
        ({"adress": "https://x.example"}, "adress", "there is no such key"),
        ({"limits": {"calls": 1}}, "limits.calls", "there is no such key"),
        ({"start_date": 3}, "start_date", "is not a date"),
        ({"leave_out": ["ratings"]}, "leave_out", "freshdesk fills no entity 'ratings'"),
        ({"entities": {"ticket": {"columns": {}}}}, "entities", "freshdesk fills no entity"),
        ({"entities": {"tickets": {}}}, "entities.tickets.columns", "is missing"),
        (
            {"entities": {"tickets": {"columns": {"brnd": "x"}}}},
            "entities.tickets.columns.brnd",
            "tickets has no such column",
        ),
        (
            {"entities": {"tickets": {"columns": {"brand": {"form": "x"}}}}},
            "entities.tickets.columns.brand.form",
            "there is no such key",
        ),
        (
            {"entities": {"messages": {"columns": {}, "where": [{"column": "x"}]}}},
            "entities.messages.where[0]",
            "has none of is, is_not",
        ),
        (
            {"entities": {"messages": {"columns": {"brand": "x"}, "endpoint": "chats"}}},
            "entities",
            "no endpoint 'chats' fills messages",
        ),
    ],
)
def test_a_fault_names_the_key_that_the_user_wrote(given, key, problem):
    (fault,) = faults_of(**given)
    assert fault.key == f"sources.desk.{key}"
    assert fault.problem.startswith(problem)


def test_a_missing_option_is_told_with_its_meaning():
    with pytest.raises(ConfigurationFaults) as caught:
        build("desk", {"kind": "freshdesk", "api_key": "k"}, Path())
    (fault,) = caught.value.faults
    said = "Add it: the address of your Freshdesk, such as https://acme.freshdesk.com"
    assert (fault.key, fault.remedy) == ("sources.desk.address", said)


def test_an_option_that_is_not_given_takes_its_entry_with_it():
    template = {"params": {"a": "${a}", "b": "at ${b}", "list": ["${a}", 3]}, "size": "${b}"}
    template["path"] = "items[${a}].at"
    assert filled(template, {"a": None, "b": 7}) == {
        "params": {"b": "at 7", "list": [3]},
        "size": 7,
    }


def test_what_needs_an_option_is_there_only_with_it():
    template = {"entities": [{"needs": "${a}", "entity": "tickets", "at": "${a}"}]}
    assert filled(template, {"a": None}) == {"entities": []}
    assert filled(template, {"a": "x"}) == {"entities": [{"entity": "tickets", "at": "x"}]}


def test_the_table_of_connectors_is_not_stale():
    text = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    assert with_table(text) == text, "make fix writes it"
