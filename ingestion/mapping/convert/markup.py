"""HTML as the plain text that a reader sees: a paragraph ends with an empty line, `<br>` a line.

Cleaning for a text engine (handles, URLs) doesn't belong here. Anybody may write such a text, and
html.parser (Python 3.11) stops at `<![x` and takes minutes for a long text of `<a `: these patterns
do neither, since none looks further than to the next `<` without taking what it has seen.
"""

import re
from dataclasses import dataclass, field
from html import unescape

MARKUP = re.compile(
    r"""
    <!--.*?(?:-->|\Z)
    | <(?P<unseen>script|style|title)(?=[\s/>]).*?(?:</(?P=unseen)[^<>]*>|\Z)
    | </?(?P<tag>[a-z][a-z0-9]*+)(?:[^<>"']++|"[^"<]*"|'[^'<]*'|["'])*+>
    | <[!?/][^<>]*>
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
BLANKS = re.compile(r"[ \t\r\n\f]+")
# How many new lines stand before and after what an element holds.
LINES = {
    **dict.fromkeys(("div", "li", "tr"), 1),
    **dict.fromkeys(("p", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"), 2),
}
CELLS = ("td", "th")


def plain_text(html: str | None) -> str | None:
    """Return the words of an HTML fragment, or None for None."""
    if html is None:
        return None
    reader, end = _Reader(), 0
    for markup in MARKUP.finditer(html):
        reader.read(html[end : markup.start()])
        if tag := markup["tag"]:
            reader.read_tag(tag.lower(), is_end=markup[0].startswith("</"))
        end = markup.end()
    reader.read(html[end:])
    return "".join(reader.pieces).strip()


@dataclass
class _Reader:
    """Collects the text; `lines` are the new lines at its present end."""

    pieces: list[str] = field(default_factory=list)
    lines: int = 0
    is_preformatted: bool = False

    def read(self, html: str) -> None:
        """Add what stands between two tags; outside `<pre>` all blanks are one."""
        if not self.is_preformatted:
            html = BLANKS.sub(" ", html)
            if not self.pieces or self.pieces[-1].endswith((" ", "\n")):
                html = html.removeprefix(" ")
        if html:
            self.pieces.append(unescape(html))
            self.lines = 0

    def read_tag(self, tag: str, is_end: bool) -> None:
        """Begin or end what a tag stands for; most of them change nothing in a text."""
        if tag == "pre":
            self.is_preformatted = not is_end
        if tag == "br":
            self._end_lines(self.lines + 1)
        elif tag in LINES:
            self._end_lines(LINES[tag])
        elif tag in CELLS:
            self.read(" ")

    def _end_lines(self, number: int) -> None:
        """Have at least so many new lines at the end."""
        if self.pieces and self.lines < number:
            self.pieces[-1] = self.pieces[-1].rstrip(" ")
            self.pieces.append("\n" * (number - self.lines))
            self.lines = number
