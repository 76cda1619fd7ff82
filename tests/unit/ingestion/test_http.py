"""What can go wrong between us and an API, over real HTTP on loopback."""

import contextlib
import gzip
import logging
import time
import tracemalloc
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import repeat

import pytest

from ingestion.errors import SourceAnswerBroken, SourceError, SourceRefused, SourceUnreachable
from ingestion.http import Api, ApiSession, Bearer
from ingestion.refusals import MEGABYTE
from ingestion.retries import RetryPolicy
from tests.fixtures.loopback import listening
from tests.fixtures.mastodon_server import FakeMastodon, Trouble, account, served, status

ACME = account(1, "acme")
LOOKUP = "/api/v1/accounts/lookup"
TOKEN = "secret-token-4711"


@pytest.fixture
def fake():
    with served(FakeMastodon()) as fake:
        fake.accounts = [ACME]
        fake.statuses = [
            status(n, ACME, f"2025-06-{n:02}T10:00:00.000Z", f"post {n}") for n in range(1, 8)
        ]
        yield fake


class Door:
    """A session that notes its waits instead of waiting."""

    def __init__(self, url: str, **policy: float) -> None:
        self.waits: list[float] = []
        patient = RetryPolicy(**{"read": 0.3, "attempts": 4, **policy})
        self.session = ApiSession(
            Api("social", url, Bearer(TOKEN), (TOKEN,)), patient, self.waits.append
        )

    def lookup(self):
        return self.session.get(LOOKUP, {"acct": "acme"}).body

    def pages(self, limit: int = 3):
        return list(self.session.pages("/api/v1/accounts/1/statuses", {"limit": limit}))


@pytest.fixture
def door(fake):
    return Door(fake.url)


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(code=500),
        Trouble(code=503, body=b"<html>busy</html>"),
        Trouble(code=429),
        Trouble(cut=True),
        Trouble(drop=True),
        Trouble(hang=0.6),
        Trouble(code=200, body=b'[{"id": "1"'),
    ],
    ids=["500", "503 page", "429", "cut body", "dropped", "time-out", "truncated JSON"],
)
def test_a_passing_trouble_is_waited_out_and_the_answer_is_whole(fake, door, trouble):
    fake.trouble("lookup", trouble, trouble)
    assert door.lookup()["acct"] == "acme"
    assert len(door.waits) == 2
    assert len(fake.asked) == 3


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble(code=502), SourceUnreachable),
        (Trouble(drop=True), SourceUnreachable),
        (Trouble(hang=0.6), SourceUnreachable),
        (Trouble(code=429), SourceRefused),
        (Trouble(code=200, body=b'[{"id"'), SourceAnswerBroken),
    ],
    ids=["502", "dropped", "time-out", "429", "truncated JSON"],
)
def test_a_lasting_trouble_ends_in_the_error_that_names_it(fake, door, trouble, error):
    fake.trouble("lookup", *[trouble] * 9)
    with pytest.raises(error):
        door.lookup()
    assert len(fake.asked) == 4


def test_nobody_listens_is_unreachable():
    with served(FakeMastodon()) as fake:
        closed = fake.url
    with pytest.raises(SourceUnreachable, match="base_url"):
        Door(closed).lookup()


def test_waits_grow_and_are_never_in_step(fake, door):
    fake.trouble("lookup", *[Trouble(code=500)] * 3)
    door.lookup()
    assert door.waits == sorted(door.waits)
    for wait, least in zip(door.waits, (1, 2, 4), strict=True):
        assert least < wait < least + 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"Retry-After": "Mon, 30 Jun 2025 12:02:00 GMT"}, 120),
        ({"X-RateLimit-Reset": "2025-06-30T12:05:00.000000Z"}, 300),
        ({"X-RateLimit-Reset": "1751284830"}, 30),
        ({"Retry-After": "5", "X-RateLimit-Reset": "2025-06-30T13:00:00Z"}, 5),
        ({"X-RateLimit-Reset": "2025-06-30T11:00:00Z"}, 0),
    ],
)
def test_a_rate_limit_is_waited_out_by_the_servers_own_clock(fake, door, headers, seconds):
    fake.trouble("lookup", Trouble(code=429, headers=headers))
    door.lookup()
    assert len(door.waits) == 1
    assert seconds <= door.waits[0] <= seconds + 1


def test_an_unreadable_rate_limit_falls_back_to_growing_waits(fake, door):
    fake.trouble("lookup", Trouble(code=429, headers={"Retry-After": "soon"}))
    door.lookup()
    assert 1 <= door.waits[0] < 2


def test_a_wait_beyond_the_deadline_is_not_begun(fake, door):
    fake.trouble("lookup", Trouble(code=429, headers={"Retry-After": "86400"}))
    with pytest.raises(SourceRefused, match="429"):
        door.lookup()
    assert door.waits == []


def test_a_server_that_drips_runs_into_the_deadline(fake):
    fake.trouble("lookup", Trouble(drip=0.05))
    begun = time.monotonic()
    with pytest.raises(SourceUnreachable, match="too slowly"):
        Door(fake.url, deadline=0.4).lookup()
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("line", [b"X-Slow: 1\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_a_server_whose_headers_never_end_runs_into_the_deadline(line):
    class Dripping(BaseHTTPRequestHandler):
        def do_GET(self):
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" if line.startswith(b"X") else b"")
            with contextlib.suppress(OSError):
                for _ in range(60):
                    self.wfile.write(line)
                    time.sleep(0.05)

        def log_message(self, *args):
            """Keep the tests' output clean."""

    begun = time.monotonic()
    with listening(Dripping) as url, pytest.raises(SourceUnreachable, match="too slowly"):
        Door(url, deadline=0.4).lookup()
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(("code", "said"), [(401, "token"), (403, "right to"), (404, "base_")])
def test_a_refusal_is_not_repeated_and_says_what_to_do(fake, door, code, said):
    fake.trouble("lookup", Trouble(code=code))
    with pytest.raises(SourceRefused) as refused:
        door.lookup()
    assert said in refused.value.remedy
    assert len(fake.asked) == 1


def test_a_redirect_is_not_followed_with_our_token(fake, door):
    with served(FakeMastodon()) as stranger:
        fake.trouble("lookup", Trouble(code=302, headers={"Location": f"{stranger.url}/x"}))
        with pytest.raises(SourceRefused, match="moved"):
            door.lookup()
    assert stranger.asked == []


def test_the_token_is_in_no_error_and_no_log(fake, door, caplog):
    caplog.set_level(logging.DEBUG)
    echo = f'{{"error": "token {TOKEN} is invalid"}}'.encode()
    for trouble in (Trouble(code=401, body=echo), *[Trouble(drop=True)] * 4):
        fake.trouble("lookup", trouble)
    for _ in range(2):
        with pytest.raises(SourceError) as error:
            door.lookup()
        assert TOKEN not in f"{error.value!r} {error.value} {error.value.__cause__}"
    assert fake.asked[0].authorization == f"Bearer {TOKEN}"
    assert TOKEN not in caplog.text


def test_a_servers_words_bring_no_control_characters(fake, door):
    said = b'{"error": "\\u001b[2Jno\\u001b]0;owned\\u0007 \\u009b1mway"}'
    fake.trouble("lookup", Trouble(code=403, body=said))
    with pytest.raises(SourceRefused, match=r"answered 403: \[2Jno\]0;owned 1mway") as refused:
        door.lookup()
    assert str(refused.value).isprintable()


def test_a_refusal_says_why_in_the_servers_words_where_its_error_is_an_object(fake, door):
    said = f'{{"error": {{"message": "Malformed token {TOKEN}", "code": 190}}}}'.encode()
    fake.trouble("lookup", Trouble(code=400, body=said))
    with pytest.raises(SourceRefused, match=r"answered 400: Malformed token \*\*\*"):
        door.lookup()


def test_a_netrc_file_gives_no_credentials(fake, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    ApiSession(Api("social", fake.url)).get(LOOKUP, {"acct": "acme"})
    assert fake.asked[0].authorization is None


def test_the_proxy_of_the_environment_is_asked(fake, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTP_PROXY", fake.url)
    api = ApiSession(Api("social", "http://social.example"))
    assert api.get(LOOKUP, {"acct": "acme"}).body["acct"] == "acme"


def test_pages_are_followed_to_the_end(fake, door):
    assert [[s["id"] for s in page] for page in door.pages()] == [
        ["7", "6", "5"],
        ["4", "3", "2"],
        ["1"],
        [],
    ]


def test_a_short_page_is_not_taken_for_the_end(fake, door):
    def shrink(asked):
        if "max_id" not in asked.query:
            fake.statuses = [s for s in fake.statuses if s["id"] not in ("7", "6")]

    fake.before_answer = shrink
    assert [s["id"] for page in door.pages() for s in page] == ["5", "4", "3", "2", "1"]


def test_a_trouble_between_pages_loses_and_repeats_nothing(fake, door):
    fake.trouble("statuses", Trouble(), Trouble(code=500), Trouble(cut=True), Trouble())
    assert [s["id"] for page in door.pages() for s in page] == list("7654321")


def test_a_next_page_on_another_host_is_refused(fake, door):
    fake.link_host = "http://localhost:1"
    with pytest.raises(SourceAnswerBroken, match="another server"):
        door.pages()


def test_a_proxy_that_misnames_scheme_and_port_does_no_harm(fake, door):
    fake.link_host = "https://127.0.0.1:3000"
    assert len(door.pages()) == 4


def test_pages_in_a_circle_end_in_an_error(fake, door):
    circle = f'<{fake.url}/api/v1/accounts/1/statuses?limit=3&max_id=5>; rel="next"'
    page = Trouble(code=200, body=b"[]", headers={"Link": circle})
    fake.trouble("statuses", *[page] * 9)
    with pytest.raises(SourceAnswerBroken, match="circle"):
        door.pages()


def test_an_object_where_a_list_belongs_is_named(fake, door):
    fake.trouble("statuses", Trouble(code=200, body=b'{"data": []}'))
    with pytest.raises(SourceAnswerBroken, match="a list was expected"):
        door.pages()


def test_what_is_gone_is_none_where_that_may_be(fake, door):
    assert door.session.find(LOOKUP, {"acct": "nobody"}) is None


BLANKS = b" " * 64 * MEGABYTE


def pouring(code: int, pieces: Iterator[bytes], headers: dict[str, str], asked: list[str]):
    """Return the handler that answers with these pieces, for as long as the client takes them."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response_only(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for piece in pieces:
                    self.wfile.write(piece)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.mark.parametrize("code", [200, 404, 503])
@pytest.mark.parametrize("encoding", [None, "gzip", "gzip, gzip"], ids=str)
def test_an_answer_of_gigabytes_is_refused_at_the_limit_in_little_memory(code, encoding):
    endless: Iterator[bytes] = repeat(b" " * 65_536)
    packed = gzip.compress(BLANKS)  # 2 GB in 2 MB, or in 7 kB
    bombs = {"gzip": repeat(packed, 32), "gzip, gzip": iter([gzip.compress(packed * 32)])}
    headers = {"Content-Encoding": encoding} if encoding else {}
    asked: list[str] = []
    with listening(pouring(code, bombs.get(encoding or "", endless), headers, asked)) as url:
        api = Api("social", url, answer_megabytes=2)
        tracemalloc.start()
        with pytest.raises(SourceAnswerBroken) as refused:
            ApiSession(api, sleep=lambda _: None).find(LOOKUP, {"acct": "acme"})
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 16 * MEGABYTE
    assert len(asked) == 1
    assert str(refused.value) == (
        f"social: {url}{LOOKUP} answered {code} with more than 2 MB."
        " If that is right, raise answer_megabytes under [sources.social.limits]"
    )


def test_an_answer_as_large_as_the_limit_is_read_whole(fake):
    body = b'"' + b"x" * (MEGABYTE - 2) + b'"'
    fake.trouble("lookup", Trouble(code=200, body=body))
    answer = ApiSession(Api("social", fake.url, answer_megabytes=1)).get(LOOKUP, {"acct": "acme"})
    assert len(answer.body) == MEGABYTE - 2
