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


class Cleaner:
    """Cleans texts of one company, whose brand names and handles it knows."""

    def __init__(self, brand_names: Iterable[str] = ()):
        names = sorted({name.strip().lstrip("@") for name in brand_names} - {""}, key=len)
        alternatives = "|".join(re.escape(name) for name in reversed(names))
        self._brand = re.compile(rf"(?<!\w)#?(?:{alternatives})(?!\w)", re.IGNORECASE)
        self._has_names = bool(names)

    def clean(self, text: str) -> str:
        """Return the words of `text`, at most MAXIMUM_LENGTH characters; "" when it has none."""
        text = html.unescape(html.unescape(text[: 4 * MAXIMUM_LENGTH]))
        text = _HANDLE.sub(" ", _LINK.sub(" ", text))
        if self._has_names:
            text = self._brand.sub(" ", text)
        text = _SPACE.sub(" ", text).strip()[:MAXIMUM_LENGTH]
        return (
            text
            if any(character.isalnum() or ord(character) > 0x2190 for character in text)
            else ""
        )
