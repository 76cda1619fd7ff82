"""The result of a gate, in values that know nothing of the tool that judged.

How data is judged belongs to context.py, what is asked of it to suites/.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

BLOCKING = "blocking"
WARNING = "warning"
_PLACES_NAMED = 5


@dataclass(frozen=True)
class Failure:
    """One place where the data is not as expected, in words for the people who own it.

    `column` is the place as table.column; `unlisted` counts further places with the same fault;
    `acceptance` says who lets it pass all the same, and why.
    """

    check: str
    column: str
    severity: str
    expected: str
    observed: str
    remedy: str
    unlisted: int = 0
    acceptance: str = ""

    @property
    def finding(self) -> str:
        """Name what was seen, in eight characters: other figures are another finding."""
        seen = "\0".join((self.check, self.column, self.observed))
        return hashlib.sha256(seen.encode()).hexdigest()[:8]

    @property
    def stops(self) -> bool:
        """Places that nobody could see can't have been accepted."""
        return self.severity == BLOCKING and (not self.acceptance or self.unlisted > 0)

    @property
    def words(self) -> str:
        """Return what was seen, here and elsewhere."""
        more = f" (and {self.unlisted:,} more like this)" if self.unlisted else ""
        return f"{self.observed}{more}"

    def __str__(self) -> str:
        if self.acceptance:
            return f"{self.words}; {self.acceptance}."
        return f"{self.words}; {self.expected}: {self.remedy}."


@dataclass(frozen=True)
class Check:
    """One rule that was applied, and where it failed."""

    name: str
    severity: str
    failures: tuple[Failure, ...] = ()

    @property
    def is_passed(self) -> bool:
        return not self.failures

    @property
    def named_failures(self) -> tuple[Failure, ...]:
        """The first places, the last of which counts those that aren't named."""
        if len(self.failures) <= _PLACES_NAMED:
            return self.failures
        *first, last = self.failures[:_PLACES_NAMED]
        unnamed = self.failures[_PLACES_NAMED:]
        unlisted = len(unnamed) + sum(failure.unlisted for failure in unnamed)
        return (*first, replace(last, unlisted=unlisted))


@dataclass(frozen=True)
class Outcome:
    """The result of one gate for one subject; without any check there was nothing to judge."""

    gate: str
    subject: str
    checks: tuple[Check, ...]

    @property
    def is_passed(self) -> bool:
        """A warning is reported, but stops nothing; nor does what somebody accepted."""
        return not self.stopping

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failures of each check that are named, those that block first."""
        found = [failure for check in self.checks for failure in check.named_failures]
        return tuple(sorted(found, key=lambda failure: failure.severity != BLOCKING))

    @property
    def stopping(self) -> tuple[Failure, ...]:
        """Every failure that stops the publication, named or not."""
        return tuple(failure for failure in self._all if failure.stops)

    @property
    def accepted(self) -> tuple[Failure, ...]:
        """Every failure that somebody accepted."""
        return tuple(failure for failure in self._all if failure.acceptance)

    @property
    def _all(self) -> tuple[Failure, ...]:
        return tuple(failure for check in self.checks for failure in check.failures)

    def accepting(self, acceptances: Mapping[str, str]) -> "Outcome":
        """Return the outcome in which the findings of `acceptances` are let pass, in its words."""
        checks = (
            replace(
                check,
                failures=tuple(
                    replace(each, acceptance=acceptances.get(each.finding, ""))
                    for each in check.failures
                ),
            )
            for check in self.checks
        )
        return replace(self, checks=tuple(checks))
