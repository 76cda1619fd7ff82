"""The one door to Great Expectations: evidence in, checks out.

Nothing of that library is imported before something is to be judged (it takes seconds), and no
type of it leaves this module.
"""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from expectations.outcome import BLOCKING, Check
from expectations.rules import Evidence, Rule

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.data_context import EphemeralDataContext
    from great_expectations.datasource.fluent import PostgresDatasource
    from great_expectations.expectations.expectation import Expectation

_PLACES_TOLD = 5
# The library takes nothing for a query that does not begin with this word.
_SELECT = sql.SQL("select * from ({}) as evidence")


class GateError(Exception):
    """A gate could not judge; the message says at which check, and why."""


def judge(url: str, evidence: Sequence[Evidence]) -> tuple[Check, ...]:
    """Apply every rule to its evidence in the warehouse at `url`; GateError where that fails."""
    asked = [each for each in evidence if each.rules]
    if not asked:
        return ()
    context = _context()
    source = _source(context, url)
    try:
        with psycopg.connect(url) as connection:
            queries = [_SELECT.format(each.query).as_string(connection) for each in asked]
        return tuple(
            check
            for each, query in zip(asked, queries, strict=True)
            for check in _checks(context, source, each, query)
        )
    finally:
        source.get_execution_engine().engine.dispose()


def _context() -> "EphemeralDataContext":
    """Make a context that lives in memory, tells nobody, and draws no progress bars."""
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    quiet = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return gx.get_context(mode="ephemeral", project_config=quiet)


def _source(context: "EphemeralDataContext", url: str) -> "PostgresDatasource":
    """Connect by one session, so that evidence is computed once, into a temporary table."""
    from great_expectations.datasource.fluent import PostgresDatasource
    from sqlalchemy import make_url

    address = make_url(url).set(drivername="postgresql+psycopg2")
    # An unescaped dollar sign would be replaced by a variable of the environment.
    escaped = address.render_as_string(hide_password=False).replace("$", r"\$")
    source = PostgresDatasource(
        name="warehouse",
        connection_string=escaped,
        create_temp_table=True,
        kwargs={"pool_size": 1, "max_overflow": 0},
    )
    return context.data_sources.add_postgres(source)


def _checks(
    context: "EphemeralDataContext", source: "PostgresDatasource", evidence: Evidence, query: str
) -> list[Check]:
    import great_expectations as gx

    asset = source.add_query_asset(evidence.name, query=query)
    expectations = [_expectation(rule, i) for i, rule in enumerate(evidence.rules)]
    suite = context.suites.add(gx.ExpectationSuite(evidence.name, expectations=expectations))
    definition = gx.ValidationDefinition(
        name=evidence.name, data=asset.add_batch_definition_whole_table("all"), suite=suite
    )
    result = context.validation_definitions.add(definition).run(
        result_format={
            "result_format": "SUMMARY",
            "unexpected_index_column_names": list(evidence.labels),
            "partial_unexpected_count": _PLACES_TOLD,
            "return_unexpected_index_query": False,
        }
    )
    by_rule = {_rule_number(each): each for each in result.results}
    return [_check(rule, by_rule[i]) for i, rule in enumerate(evidence.rules)]


def _expectation(rule: Rule, number: int) -> "Expectation":
    from great_expectations import expectations as gxe

    known: dict[str, Any] = {
        "column": rule.measure,
        "severity": "critical" if rule.severity == BLOCKING else "warning",
        "meta": {"rule": number},
    }
    if rule.values is not None:
        return gxe.ExpectColumnValuesToBeInSet(value_set=list(rule.values), **known)
    if rule.minimum is None and rule.maximum is None:
        return gxe.ExpectColumnValuesToBeNull(**known)
    return gxe.ExpectColumnValuesToBeBetween(
        min_value=rule.minimum, max_value=rule.maximum, **known
    )


def _rule_number(result: "ExpectationValidationResult") -> int:
    assert result.expectation_config is not None
    return result.expectation_config.meta["rule"]


def _check(rule: Rule, result: "ExpectationValidationResult") -> Check:
    """Turn a result into our words; a rule that could not be judged must not pass for one kept."""
    if result.exception_info and "unexpected_count" not in result.result:
        raise GateError(f"the check {rule.check!r} could not be judged: {_why(result)}")
    if result.success:
        return Check(rule.check, rule.severity)
    rows = result.result["partial_unexpected_index_list"]
    unlisted = [0] * (len(rows) - 1) + [result.result["unexpected_count"] - len(rows)]
    failures = [rule.failure(row, more) for row, more in zip(rows, unlisted, strict=True)]
    return Check(rule.check, rule.severity, tuple(failures))


def _why(result: "ExpectationValidationResult") -> str:
    """Find the first line of what went wrong in a result's nested account of it."""
    info = result.exception_info
    nested = [each for each in info.values() if isinstance(each, dict)] or [info]
    return str(nested[0].get("exception_message", "no reason given")).splitlines()[0]
