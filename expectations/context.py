"""The one door to Great Expectations: suites in, checks out.

What a suite asks about is measured once, into a temporary table with the suite's name. Its
expectations are queries of that table whose rows are the failures, with the words for them in
the columns place, observed, expected and remedy. Values that a user configured or a source
brought never become text of a query: they are in the temporary table `inputs`, of one row.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

from expectations.outcome import BLOCKING, WARNING, Check, Failure

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.data_context import EphemeralDataContext
    from great_expectations.datasource.fluent import PostgresDatasource
    from sqlalchemy import Connection

_TABLE = sql.SQL("create temp table {} as {}")
_ROWS = sql.SQL("select * from {}")


class GateError(Exception):
    """A gate could not judge; the message says at which check, and why."""


@dataclass(frozen=True)
class Inputs:
    """What a gate is given: the statement that makes the table `inputs`, and its parameters."""

    statement: str
    values: Mapping[str, Any]


def judge(
    url: str, inputs: Inputs, asked: Sequence[tuple[sql.Composable, "ExpectationSuite"]]
) -> tuple[Check, ...]:
    """Measure by each query in the warehouse, and ask its suite; GateError where that fails."""
    context = _context()
    source = _source(context, url)
    engine = source.get_execution_engine().engine
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(inputs.statement, dict(inputs.values))
            for query, suite in asked:
                _measure(connection, query, suite.name)
        return tuple(check for _, suite in asked for check in _checks(context, source, suite))
    finally:
        engine.dispose()


def _context() -> "EphemeralDataContext":
    """Make a context in memory, without telemetry and progress bars."""
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
    """Connect by one session, which keeps its temporary tables."""
    from great_expectations.datasource.fluent import PostgresDatasource
    from sqlalchemy import make_url

    address = make_url(url).set(drivername="postgresql+psycopg2")
    # An unescaped dollar sign would be replaced by a variable of the environment.
    escaped = address.render_as_string(hide_password=False).replace("$", r"\$")
    source = PostgresDatasource(
        name="warehouse",
        connection_string=escaped,
        kwargs={"pool_size": 1, "max_overflow": 0},
    )
    return context.data_sources.add_postgres(source)


def _measure(connection: "Connection", query: sql.Composable, name: str) -> None:
    from sqlalchemy.exc import DBAPIError

    statement = _TABLE.format(sql.Identifier(name), query).as_string()
    try:
        # Without parameters, so that a percent sign in words is just that.
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    except DBAPIError as error:
        why = str(error.orig).splitlines()[0]
        raise GateError(f"what {name!r} is about could not be measured: {why}") from None


def _checks(
    context: "EphemeralDataContext", source: "PostgresDatasource", suite: "ExpectationSuite"
) -> list[Check]:
    import great_expectations as gx

    rows = _ROWS.format(sql.Identifier(suite.name)).as_string()
    asset = source.add_query_asset(suite.name, query=rows)
    definition = gx.ValidationDefinition(
        name=suite.name,
        data=asset.add_batch_definition_whole_table("all rows"),
        suite=context.suites.add(suite),
    )
    # Rows that fail are part of the complete format only.
    validated = context.validation_definitions.add(definition).run(result_format="COMPLETE")
    return [_check(result) for result in validated.results]


def _check(result: "ExpectationValidationResult") -> Check:
    """Turn a result into our words; what could not be judged must not pass for kept."""
    expectation = result.expectation_config
    assert expectation is not None
    name = expectation.description or ""
    if "observed_value" not in result.result:
        raise GateError(f"the check {name!r} could not be judged: {_why(result)}")
    severity = WARNING if expectation.severity == "warning" else BLOCKING
    # Great Expectations fetches the first 200 rows that fail, and counts them all.
    rows = result.result["details"]["unexpected_rows"]
    unlisted = [0] * (len(rows) - 1) + [result.result["observed_value"] - len(rows)]
    return Check(
        name,
        severity,
        tuple(_failure(name, severity, *each) for each in zip(rows, unlisted, strict=False)),
    )


def _failure(check: str, severity: str, row: Mapping[str, str], unlisted: int) -> Failure:
    return Failure(
        check=check,
        column=row["place"],
        severity=severity,
        expected=row["expected"],
        observed=row["observed"],
        remedy=row["remedy"],
        unlisted=unlisted,
    )


def _why(result: "ExpectationValidationResult") -> str:
    """Find the first line of what went wrong in a result's nested report of it."""
    info = result.exception_info
    nested = [each for each in info.values() if isinstance(each, dict)] or [info]
    return str(nested[0].get("exception_message", "no reason given")).splitlines()[0]
