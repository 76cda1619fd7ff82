"""Which views a build of changes leaves standing, on a manifest that is written by hand."""

from types import SimpleNamespace
from typing import Any

from orchestration.dbt_lasting import lasting, without_lasting


def node(
    resource_type: str = "model",
    materialized: str = "view",
    sql: str = "select 1",
    parents: tuple[str, ...] = (),
    macros: tuple[str, ...] = (),
) -> Any:
    return SimpleNamespace(
        resource_type=resource_type,
        name="",
        raw_code=sql,
        config=SimpleNamespace(materialized=materialized),
        depends_on=SimpleNamespace(nodes=list(parents), macros=list(macros)),
    )


def macro(sql: str, uses: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(macro_sql=sql, depends_on=SimpleNamespace(macros=list(uses)))


def manifest(**nodes: Any) -> Any:
    for name, it in nodes.items():
        it.name = name
    macros = {
        "as_of": macro("{{ var('as_of') }}"),
        "today": macro("{{ as_of() }}", ("as_of", "today")),
        "local": macro('{{ var("company_time_zone") }}'),
    }
    return SimpleNamespace(nodes=nodes, macros=macros)


def test_seeds_and_views_last_and_tables_and_tests_do_not() -> None:
    found = lasting(
        manifest(
            seed=node("seed", "seed"),
            view=node(),
            table=node(materialized="table"),
            incremental=node(materialized="incremental"),
            test=node("test", "test"),
        )
    )
    assert found == {"seed", "view"}


def test_a_view_that_knows_the_build_does_not_last() -> None:
    found = lasting(
        manifest(
            clock=node(macros=("as_of",)),
            by_another_macro=node(macros=("local", "today")),
            changes=node(sql="where loaded_at > '{{ var(\"changed_since\") }}'"),
            zone=node(macros=("local",)),
        )
    )
    assert found == {"zone"}


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


def test_the_arguments_name_what_lasts() -> None:
    arguments = without_lasting(manifest(b=node(), a=node(), clock=node(macros=("as_of",))))
    assert arguments == ["--exclude", "a b", "--indirect-selection", "cautious"]
