"""The groups of a `pattern`: Arrow wants them named, and Python can't parse RE2's syntax."""

import re

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


def captures(pattern: str) -> list[re.Match[str]]:
    """Return the openings of a pattern's capturing groups."""
    return [match for match in TOKENS.finditer(pattern) if match["capture"]]


def with_named_group(pattern: str) -> str:
    """Name the first group of a pattern, if it has one and that has no name."""
    for opening in captures(pattern)[:1]:
        if opening[0] == "(":
            return f"{pattern[: opening.start()]}(?P<value>{pattern[opening.end() :]}"
    return pattern
