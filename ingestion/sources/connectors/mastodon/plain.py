"""Mastodon's HTML as the plain text that a reader sees.

Only tags are dealt with here; cleaning for a text engine (handles, URLs) is not.
"""

from html.parser import HTMLParser

BREAKS = {
    "br": "\n",
    "li": "\n",
    "p": "\n\n",
    "blockquote": "\n\n",
    "pre": "\n\n",
}
UNSEEN = ("script", "style")


class _Reader(HTMLParser):
    """Collect the text; a paragraph's end becomes an empty line, `<br>` a new line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        if tag == "br":
            self.pieces.append(BREAKS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        if tag != "br":
            self.pieces.append(BREAKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)


def plain_text(html: str | None) -> str | None:
    """Return the words of an HTML fragment, or None for None."""
    if html is None:
        return None
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces).strip()
