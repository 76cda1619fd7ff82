"""What a build of changes leaves alone, on a manifest that is written by hand."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from orchestration import dbt
from orchestration.dbt_lasting import guarded, lasting, without_lasting
from orchestration.settings import load_settings

CONFIGURATION = Path(__file__).resolve().parents[3] / "concord.toml"


class Config(SimpleNamespace):
    """A node's configuration: dbt asks for what an adapter adds by name."""

    def get(self, name: str) -> Any:
        return getattr(self, name, None)


def node(
    resource_type: str = "model",
    materialized: str = "view",
    sql: str = "select 1",
    parents: tuple[str, ...] = (),
    macros: tuple[str, ...] = (),
    indexes: tuple[dict[str, Any], ...] = (),
) -> Any:
    return SimpleNamespace(
        resource_type=resource_type,
        raw_code=sql,
        tags=[],
        config=Config(materialized=materialized, indexes=indexes),
        depends_on=SimpleNamespace(nodes=list(parents), macros=list(macros)),
    )


def data_test(kind: str, stands_at: str, column: str | None = None, **arguments: Any) -> Any:
    it = node("test", "test", parents=(stands_at,))
    it.test_metadata = SimpleNamespace(name=kind, kwargs=arguments)
    it.attached_node, it.column_name = stands_at, column
    return it


def macro(sql: str, uses: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(macro_sql=sql, depends_on=SimpleNamespace(macros=list(uses)))


def manifest(**nodes: Any) -> Any:
    macros = {
        "as_of": macro("{{ var('as_of') }}"),
        "today": macro("{{ as_of() }}", ("as_of", "today")),
        "local": macro('{{ var("company_time_zone") }}'),
        "circle": macro("{{ other() }}", ("other",)),
        "other": macro("{{ circle() }}", ("circle", "local")),
    }
    return SimpleNamespace(nodes=nodes, macros=macros)


def test_seeds_and_views_last_and_tables_and_tests_do_not() -> None:
    found = lasting(
        manifest(
            seed=node("seed", "seed"),
            view=node(),
            table=node(materialized="table", parents=("source",)),
            incremental=node(materialized="incremental", parents=("source",)),
            test=node("test", "test", parents=("table",)),
        )
    )
    assert found == {"seed", "view"}


def test_a_table_made_of_seeds_alone_lasts() -> None:
    found = lasting(
        manifest(
            seed=node("seed", "seed"),
            of_seeds=node(materialized="table", parents=("seed",)),
            upon_it=node(materialized="table", parents=("of_seeds", "seed")),
            with_rows=node(materialized="table", parents=("seed", "source")),
            with_the_clock=node(materialized="table", parents=("seed",), macros=("today",)),
        )
    )
    assert found == {"seed", "of_seeds", "upon_it"}


def test_a_view_that_knows_the_build_does_not_last() -> None:
    found = lasting(
        manifest(
            clock=node(macros=("as_of",)),
            by_another_macro=node(macros=("local", "today")),
            changes=node(sql="where loaded_at > '{{ var(\"changed_since\") }}'"),
            zone=node(macros=("local",)),
            circle=node(macros=("circle",)),
        )
    )
    assert found == {"zone", "circle"}


def test_a_view_upon_such_a_view_goes_with_it_unless_a_table_lies_between() -> None:
    found = lasting(
        manifest(
            clock=node(macros=("as_of",)),
            upon=node(parents=("clock",)),
            further=node(parents=("source", "upon")),
            kept=node(materialized="table", parents=("clock",)),
            upon_kept=node(parents=("kept",)),
        )
    )
    assert found == {"upon_kept"}


def test_only_a_unique_index_of_just_the_key_guards_it() -> None:
    index = {"columns": ["a", "b"], "unique": True}
    found = manifest(
        table=node(materialized="table", parents=("source",), indexes=(index,)),
        plain=node(materialized="table", parents=("source",), indexes=({"columns": ["a"]}, index)),
        key=data_test("primary_key", "table", columns=["b", "a"]),
        part=data_test("primary_key", "table", "a"),
        not_unique=data_test("primary_key", "plain", "a"),
        presence=data_test("not_null", "table", "a"),
    )
    assert guarded(found) == {"key"}
    assert lasting(found) == {"key"}


def test_vocabularies_and_the_tests_of_lasting_views_are_asked_once() -> None:
    found = manifest(
        table=node(materialized="table", parents=("source",)),
        view=node(parents=("table",)),
        clock=node(parents=("table",), macros=("as_of",)),
        words=data_test("accepted_values", "table", "a"),
        of_the_view=data_test("relationships", "view", "a"),
        of_the_clock=data_test("not_null", "clock", "a"),
        singular=node("test", "test", parents=("table",)),
    )
    assert lasting(found) == {"view", "words", "of_the_view"}
    assert guarded(found) == set()


def test_the_arguments_leave_out_what_is_tagged_as_lasting() -> None:
    found = manifest(a=node(), clock=node(macros=("as_of",)))
    arguments = without_lasting(found)
    assert arguments == without_lasting(found)
    assert arguments == ["--exclude", "tag:full_build", "--indirect-selection", "cautious"]
    assert (found.nodes["a"].tags, found.nodes["clock"].tags) == (["full_build"], [])


def test_of_the_projects_views_only_those_that_know_the_build_are_made_daily(
    tmp_path: Path,
) -> None:
    settings = load_settings(CONFIGURATION, tmp_path, {})
    nodes = dbt.manifest(settings)["nodes"]
    models = {it: node for it, node in nodes.items() if node["resource_type"] == "model"}
    views = {it for it, node in models.items() if node["config"]["materialized"] == "view"}
    assert {nodes[it]["name"] for it in views - dbt.lasting_nodes(settings)} == {
        "int_months_known",
        "int_months_changed",
        "int_months_influenced",
        "int_campaign_months_changed",
        "int_message_months_changed",
        "conversation_horizons",
        "scorecard_freshness",
    }
