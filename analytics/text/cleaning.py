"""What of a post carries feeling: its words, without addresses and names.

Handles and brand names go because a sentiment lexicon reads them as words ("united" is
positive in VADER's); links and entities because they are no words at all.
"""

import html
import re
from collections.abc import Iterable

# VADER's cost is quadratic in the number of words; a longer post says nothing new.
MAXIMUM_LENGTH = 1_000

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w[\w.\-]*(?:@\w[\w.\-]*)?")
_SPACE = re.compile(r"\s+")
_EMOTICON = re.compile(r"[:;=]'?[-^o]?[()\[\]{}|/\\<>*@]|[()\[\]]'?[-^o]?[:;=]")


class Cleaner:
    """Cleans texts of one company, whose brand names and handles it knows."""

    def __init__(self, brand_names: Iterable[str] = ()):
        names = sorted({name.strip().lstrip("@") for name in brand_names} - {""}, key=len)
        alternatives = "|".join(re.escape(name) for name in reversed(names))
        self._brand = re.compile(rf"(?<!\w)#?(?:{alternatives})(?!\w)", re.IGNORECASE)
        self._has_names = bool(names)

    def clean(self, text: str) -> str:
        """Return words and faces of `text`, at most MAXIMUM_LENGTH characters; "" without any."""
        text = html.unescape(html.unescape(text[: 4 * MAXIMUM_LENGTH]))
        text = _HANDLE.sub(" ", _LINK.sub(" ", text))
        if self._has_names:
            text = self._brand.sub(" ", text)
        text = _SPACE.sub(" ", text).strip()[:MAXIMUM_LENGTH]
        is_said = any(each.isalnum() or ord(each) > 0x2190 for each in text)
        return text if is_said or _EMOTICON.search(text) else ""


def has_words(text: str) -> bool:
    """Return whether a text has any letter: a face alone is of no language."""
    return any(each.isalpha() for each in text)
