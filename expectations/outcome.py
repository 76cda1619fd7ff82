"""The result of a gate, in values that know nothing of the tool that judged.

How data is judged belongs to context.py, what is asked of it to suites/.
"""

from dataclasses import dataclass

BLOCKING = "blocking"
WARNING = "warning"


@dataclass(frozen=True)
class Failure:
    """One place where the data is not as expected, in words for the people who own it.

    `column` is the place as table.column; `unlisted` counts further places with the same fault.
    """

    check: str
    column: str
    severity: str
    expected: str
    observed: str
    remedy: str
    unlisted: int = 0

    def __str__(self) -> str:
        more = f" (and {self.unlisted:,} more like this)" if self.unlisted else ""
        return f"{self.observed}{more}; {self.expected}: {self.remedy}."


@dataclass(frozen=True)
class Check:
    """One rule that was applied, and where it failed."""

    name: str
    severity: str
    failures: tuple[Failure, ...] = ()

    @property
    def is_passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True)
class Outcome:
    """The result of one gate for one subject; without any check there was nothing to judge."""

    gate: str
    subject: str
    checks: tuple[Check, ...]

    @property
    def is_passed(self) -> bool:
        """A warning is reported, but stops nothing."""
        return all(check.is_passed or check.severity != BLOCKING for check in self.checks)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every failure, those that block first."""
        found = [failure for check in self.checks for failure in check.failures]
        return tuple(sorted(found, key=lambda failure: failure.severity != BLOCKING))
