"""Regular expressions of RE2, as Arrow runs them, and their groups.

Arrow wants groups named, and Python can't parse RE2's syntax.
"""

import re
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import AfterValidator, Field

from ingestion.sections import wrong

# Quoted text, escapes and character classes, whose brackets don't group, and brackets that
# capture: with a ? behind it, one does so only if it names the group.
TOKENS = re.compile(
    r"""
    \\Q.*?(?:\\E|\Z)
    | \\.
    | \[\^?\]?(?:\\.|\[:\^?\w+:\]|[^]\\])*\]
    | (?P<capture>\((?!\?)|\(\?P?<\w+>)
    """,
    re.VERBOSE | re.DOTALL,
)


def _regular_expression(pattern: str) -> str:
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        problem = str(error).removeprefix("Invalid regular expression: ")
        remedy = "Correct it"
        raise wrong(f"is not a regular expression that RE2 knows: {problem}", remedy) from None
    return pattern


def _with_named_group(pattern: str) -> str:
    """Name the one group of a pattern, if it has no name."""
    groups = [match for match in TOKENS.finditer(pattern) if match["capture"]]
    if len(groups) != 1:
        remedy = "Put what is wanted in ( ), and other brackets in (?: )"
        raise wrong("needs one group in brackets", remedy)
    (group,) = groups
    if group[0] != "(":
        return pattern
    return f"{pattern[: group.start()]}(?P<value>{pattern[group.end() :]}"


def _fitting(replacements: dict[str, str]) -> dict[str, str]:
    """Refuse a replacement that names a group which its pattern doesn't have."""
    for pattern, replacement in replacements.items():
        try:
            pc.replace_substring_regex(pa.array([""]), pattern, replacement)
        except pa.ArrowInvalid as error:
            reason = str(error).removeprefix("Invalid replacement string: ")
            problem = f"{replacement!r} can't stand for {pattern!r}: {reason}"
            remedy = r"Write \1 for the first group in ( ), and \\ for a backslash"
            raise wrong(problem, remedy) from None
    return replacements


RegularExpression = Annotated[str, AfterValidator(_regular_expression)]
GroupPattern = Annotated[RegularExpression, AfterValidator(_with_named_group)]
Replacement = Annotated[str, Field(max_length=100)]
Replacements = Annotated[dict[RegularExpression, Replacement], AfterValidator(_fitting)]
