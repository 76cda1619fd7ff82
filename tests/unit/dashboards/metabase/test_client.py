"""Risk: a call hangs, is repeated when it must not be, or fails without saying what and why."""

from collections.abc import Iterator

import pytest

from dashboards.metabase import errors
from dashboards.metabase.client import Client, RetryPolicy
from tests.fixtures.metabase_server import FakeMetabase, Trouble, serving

PATH = "/api/collection"


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeMetabase]:
    with serving(FakeMetabase()) as started:
        yield started


@pytest.fixture
def client(fake: FakeMetabase) -> Client:
    fake.revive()
    policy = RetryPolicy(connect=2, read=0.5, attempts=3, first_wait=0, longest_wait=0)
    made = Client(fake.url, policy, sleep=lambda _: None)
    made.use_api_key(fake.api_key())
    return made


def asked(fake: FakeMetabase, before: int) -> list[tuple[str, str]]:
    return [(each.method, each.path) for each in fake.log[before:]]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, errors.Refused),
        (401, errors.NotSignedIn),
        (402, errors.NotAllowed),
        (403, errors.NotAllowed),
        (404, errors.Missing),
        (409, errors.Outdated),
        (500, errors.ServerFailed),
        (302, errors.Refused),
    ],
)
def test_each_failure_is_an_error_that_names_call_and_cause(
    client: Client, fake: FakeMetabase, code: int, kind: type[errors.MetabaseError]
) -> None:
    fake.trouble(PATH, Trouble(code=code, body=b'{"message": "the moon is full"}'))
    before = len(fake.log)
    with pytest.raises(kind) as caught:
        client.get(PATH)
    assert type(caught.value) is kind
    assert str(caught.value).startswith(f"GET {PATH}: Metabase ")
    assert code == 302 or "the moon is full" in str(caught.value)
    assert len(asked(fake, before)) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(code=429),
        Trouble(code=502),
        Trouble(code=503),
        Trouble(code=504),
        Trouble(drop=True),
        Trouble(hang=1),
        Trouble(cut=True),
    ],
    ids=["429", "502", "503", "504", "dropped", "too slow", "cut off"],
)
@pytest.mark.parametrize("verb", ["get", "put"])
def test_what_passes_is_tried_again(
    client: Client, fake: FakeMetabase, verb: str, trouble: Trouble
) -> None:
    path = "/api/dashboard"
    at = client.post(path, {"name": "Team"})["id"]
    fake.trouble(f"{path}/{at}", trouble)
    answer = (
        client.get(f"{path}/{at}")
        if verb == "get"
        else client.put(f"{path}/{at}", {"name": "Desk"})
    )
    assert answer["id"] == at


@pytest.mark.parametrize(
    "trouble",
    [Trouble(code=503), Trouble(drop=True), Trouble(cut=True)],
    ids=["503", "dropped", "cut off"],
)
def test_a_creation_is_never_tried_again(
    client: Client, fake: FakeMetabase, trouble: Trouble
) -> None:
    fake.trouble("/api/permissions/group", trouble)
    before = len(fake.log)
    with pytest.raises(errors.MetabaseError):
        client.post("/api/permissions/group", {"name": f"Team {fake.next_id('team')}"})
    assert asked(fake, before) == [("POST", "/api/permissions/group")]


def test_retries_end(client: Client, fake: FakeMetabase) -> None:
    fake.trouble(PATH, *[Trouble(code=503)] * 3)
    before = len(fake.log)
    with pytest.raises(errors.ServerFailed, match="503"):
        client.get(PATH)
    assert len(asked(fake, before)) == 3


def test_what_is_missing_can_be_looked_for_without_an_error(client: Client) -> None:
    assert client.find("/api/card/77") is None


def test_a_key_is_not_carried_along_to_where_the_server_sends_us(
    client: Client, fake: FakeMetabase
) -> None:
    moved = Trouble(code=301, headers={"Location": "http://elsewhere.example/api?key=1"})
    fake.trouble(PATH, moved)
    with pytest.raises(errors.Refused, match=r"elsewhere, to http://elsewhere\.example\."):
        client.get(PATH)


def test_signing_in_asks_nothing_but_what_we_say(fake: FakeMetabase) -> None:
    """The library's own constructor would, without a time-out."""
    before = len(fake.log)
    made = Client(fake.url)
    made.use_api_key(fake.api_key())
    assert asked(fake, before) == []
    made.get(PATH)
    assert asked(fake, before) == [("GET", PATH)]


def test_a_password_file_of_the_machine_is_not_sent_along(
    fake: FakeMetabase, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ann password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    made = Client(fake.url)
    made.use_api_key(fake.api_key())
    made.get(PATH)
    assert "Authorization" not in fake.log[-1].headers
