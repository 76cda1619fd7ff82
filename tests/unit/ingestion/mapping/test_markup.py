"""Risk: a message's words are lost or glued together with its HTML; one text stops a whole load."""

from time import process_time

import pytest

from ingestion.mapping.convert.markup import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (None, None),
        ("", ""),
        ("<p>One</p><p>Two<br/>three</p>", "One\n\nTwo\nthree"),
        ('<p><a href="x">@<span>acme</span></a> why?</p>', "@acme why?"),
        ("<p>5 &lt; 6 &amp;&nbsp;so on</p>", "5 < 6 &\xa0so on"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<script>alert(1)</script><p>words", "words"),
        ("no tags, 1 < 2", "no tags, 1 < 2"),
        ("Hi<div>you <b>all</b></div><div><br></div><div>Bo</div>", "Hi\nyou all\n\nBo"),
        ("<p>a</p><blockquote><p>b</p></blockquote>c", "a\n\nb\n\nc"),
        ("<tr>\n <td>1</td>\n <td>2</td>\n</tr>\n<tr><td>3</td></tr>", "1 2\n3"),
        ("<pre>if x:\n    y</pre>", "if x:\n    y"),
        ("<style>p { }</STYLE ><!-- <b> --><title>x</title>words", "words"),
        ("<![if !mso]><o:p>a</o:p><![endif]>", "a"),
        ("<a title='1 > 0' alt=it's>a</a>", "a"),
    ],
)
def test_html_reads_as_a_person_sees_it(html, text):
    assert plain_text(html) == text


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<a b='", "<![x", "<!--", "<script>", "</", "&#", " "]
)
def test_a_hostile_text_costs_no_more_than_its_length(piece):
    began = process_time()
    plain_text(f"<pre>{piece * 100_000}")
    assert process_time() - began < 5
