"""What can go wrong while sources are read and loaded, by name.

    IngestionError
    ├── ConfigurationFaults      the configuration of a source is wrong (every fault at once)
    ├── UnbalancedLoad           rows went missing on the way: nothing was committed
    └── SourceError              a source could not give its data
        ├── SourceUnreachable    nobody answers, or the file isn't there: try again later
        ├── SourceRefused        it answers and says no: credentials, rights, limits
        ├── SourceAnswerBroken   it gave something that can't be understood
        │   └── MappingFault     it isn't what its configuration says: waiting mends nothing
        └── ExportShrank         it gave so much less than before that somebody has to confirm it

Every message is for a person and says what to do. None of them carries a secret, nor a control
character that a source put into its words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# All but tabs and new lines.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Return the text without control characters, which a terminal would obey."""
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Return the text on one line: a blank for each character that can't be printed."""
    return "".join(each if each.isprintable() else " " for each in text)


@dataclass(frozen=True)
class Fault:
    """One fault of a configuration: where it is, what is wrong, what to do."""

    key: str
    problem: str
    remedy: str
    file: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.file, self.key, f"{self.problem}. {self.remedy}")))


class IngestionError(Exception):
    """Anything that stops a load, or the reading of a source."""


class ConfigurationFaults(IngestionError):
    """A source's configuration is wrong; `faults` names every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnbalancedLoad(IngestionError):
    """Not every received row was loaded or said to be something else: the load was rolled back."""


class SourceError(IngestionError):
    """A source could not give its data."""

    def __init__(self, source: str, problem: str, remedy: str) -> None:
        self.source = source
        self.problem = problem
        self.remedy = remedy
        super().__init__(printable(f"{source}: {problem}. {remedy}"))


class SourceUnreachable(SourceError):
    """Nobody answers at the source's address, or its file isn't there."""


class SourceRefused(SourceError):
    """The source answers, but won't give the data."""


class SourceAnswerBroken(SourceError):
    """The source gave something that can't be understood."""


class MappingFault(SourceAnswerBroken):
    """The source is not what its configuration says, and stays so until somebody changes that."""


class ExportShrank(SourceError):
    """A complete export lost more rows than the configuration lets go; nothing was loaded."""


MOST_TOLD = 20


def together(errors: Sequence[SourceError]) -> SourceError:
    """Return one error that says what all of them say; a fault of the mapping, if one of them is.

    The words of the same fault are said once.
    """
    first = next((each for each in errors if isinstance(each, MappingFault)), errors[0])
    others = dict.fromkeys(str(each) for each in errors if str(each) != str(first))
    told = [first.remedy, *list(others)[: MOST_TOLD - 1]]
    if len(others) >= MOST_TOLD:
        told.append(f"{first.source}: {len(others) - MOST_TOLD + 1:,} more faults of its files")
    return type(first)(first.source, first.problem, "\n".join(told))
