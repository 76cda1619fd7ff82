"""How suites write their checks: an expectation whose query finds the rows that fail."""

from great_expectations.expectations import UnexpectedRowsExpectation
from great_expectations.expectations.metadata_types import FailureSeverity


def blocking(check: str, failures: str) -> UnexpectedRowsExpectation:
    """Return an expectation that blocks the gate for each row of the query `failures`."""
    return UnexpectedRowsExpectation(
        description=check, severity=FailureSeverity.CRITICAL, unexpected_rows_query=failures
    )


def warning(check: str, failures: str) -> UnexpectedRowsExpectation:
    """Return an expectation that reports each row of the query `failures`, and lets it pass."""
    return UnexpectedRowsExpectation(
        description=check, severity=FailureSeverity.WARNING, unexpected_rows_query=failures
    )
