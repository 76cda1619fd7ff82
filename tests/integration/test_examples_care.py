"""Risk: on real posts the scorecard says something else than the files do.

Threads, waits, survival and sums are worked out here from the raw files, by another way than
Concord's: by walking from each post to its ancestors, and with SciPy's survival function.
"""

import csv
import gzip
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from scipy import stats

from tests.fixtures.example_archives import DATA, Example, built_example, needs_archives

pytestmark = [pytest.mark.shared, pytest.mark.postgres, needs_archives]

FOLDER = DATA / "brand_care"
AS_OF = datetime(2017, 12, 4, tzinfo=UTC)
HORIZON = timedelta(days=60)
AIRLINES = {
    "americanair": "American",
    "southwestair": "Southwest",
    "virginamerica": "Virgin America",
    "delta": "Delta",
}
MONTHS = (date(2017, 10, 1), date(2017, 11, 1))


@dataclass(frozen=True)
class Post:
    """A post of the threads' archive."""

    post_id: str
    author: str
    is_inbound: bool
    sent_at: datetime
    text: str
    parent_id: str


@dataclass(frozen=True)
class Opening:
    """A customer's post that opens a conversation, and when it was first answered."""

    brand: str
    opened_at: datetime
    replied_at: datetime | None

    @property
    def month(self) -> date:
        return self.opened_at.date().replace(day=1)

    @property
    def wait(self) -> tuple[float, bool]:
        """Return the minutes to the reply or to the end of the watch, and whether it came."""
        watched = min(AS_OF - self.opened_at, HORIZON)
        wait = self.replied_at - self.opened_at if self.replied_at else None
        if wait is None or wait > watched:
            return watched.total_seconds() / 60, False
        return wait.total_seconds() / 60, True


@pytest.fixture(scope="module")
def example(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    dbt_folder = tmp_path_factory.getbasetemp() / "dbt"
    with built_example("brand_care", server_url, dbt_folder) as built:
        yield built


def read(file: str) -> list[dict[str, str]]:
    with gzip.open(FOLDER / file, "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def mentions() -> dict[str, dict[str, str]]:
    """Give the airlines' mentions; of an id that comes twice, the last row."""
    return {row["tweet_id"]: row for row in read("airline_mentions_2015.csv.gz")}


@pytest.fixture(scope="module")
def posts() -> dict[str, Post]:
    """Give the posts of the threads, without the one row that holds nothing but an id."""
    return {
        row["tweet_id"]: Post(
            row["tweet_id"],
            row["author_id"],
            row["inbound"] == "True",
            datetime.strptime(row["created_at"], "%a %b %d %H:%M:%S %z %Y"),
            row["text"],
            row["in_response_to_tweet_id"].removesuffix(".0"),
        )
        for row in read("support_threads_2017.csv.gz")
        if row["created_at"]
    }


@pytest.fixture(scope="module")
def brands(posts: dict[str, Post]) -> dict[str, str]:
    """Give the brand that each customer's post is addressed to."""
    accounts = {post.author.lower(): post.author for post in posts.values() if not post.is_inbound}
    answered_by: dict[str, str] = {}
    for post in posts.values():
        if not post.is_inbound:
            answered_by.setdefault(post.parent_id, post.author)
    found = {}
    for post in posts.values():
        named = re.search(r"@([A-Za-z_]\w*)", post.text)
        account = accounts.get(named[1].lower()) if named else answered_by.get(post.post_id)
        found[post.post_id] = AIRLINES.get((account or "").lower(), account or "unknown")
    return found


@pytest.fixture(scope="module")
def openings(posts: dict[str, Post], brands: dict[str, str]) -> list[Opening]:
    """Give the conversations: the customer's post nearest to a thread's root opens one."""
    replies: dict[str, list[tuple[datetime, str, str]]] = defaultdict(list)
    opened: set[str] = set()
    for post in posts.values():
        line = [post]
        while line[-1].parent_id in posts:
            line.append(posts[line[-1].parent_id])
        opening = next((each for each in reversed(line) if each.is_inbound), None)
        if opening is None:
            continue
        opened.add(opening.post_id)
        if not post.is_inbound and post.sent_at >= opening.sent_at:
            account = AIRLINES.get(post.author.lower(), post.author)
            replies[opening.post_id].append((post.sent_at, post.post_id, account))
    return [
        opening_of(posts[each], brands[each], min(replies[each], default=None)) for each in opened
    ]


def opening_of(post: Post, brand: str, reply: tuple[datetime, str, str] | None) -> Opening:
    """Give the conversation; who answered it was meant by a post that names nobody."""
    replied_at, _, account = reply or (None, "", "unknown")
    return Opening(account if brand == "unknown" else brand, post.sent_at, replied_at)


def by_month_and_brand(openings: list[Opening]) -> dict[tuple[date, str], list[Opening]]:
    found: dict[tuple[date, str], list[Opening]] = defaultdict(list)
    for each in openings:
        if each.month in MONTHS:
            found[each.month, each.brand].append(each)
    return found


def median(waits: list[tuple[float, bool]]) -> float | None:
    """Return the Kaplan-Meier median, by SciPy."""
    data = stats.CensoredData(
        uncensored=[minutes for minutes, is_reply in waits if is_reply],
        right=[minutes for minutes, is_reply in waits if not is_reply],
    )
    curve = stats.ecdf(data).sf
    below = curve.quantiles[curve.probabilities <= 0.5 + 1e-12]
    return float(below[0]) if len(below) else None


def test_every_row_of_the_files_arrives_but_one_without_content(example: Example) -> None:
    (mentions,) = example.parts["airline_mentions", "messages"]
    rows = len(read("airline_mentions_2015.csv.gz"))
    assert (mentions.received, mentions.quarantined) == (rows, 0)
    assert mentions.loaded + mentions.folded == rows
    parts = example.parts["support_threads", "messages"]
    rows = len(read("support_threads_2017.csv.gz"))
    assert sum(part.received - part.filtered for part in parts) == rows
    assert sum(part.loaded + part.folded for part in parts) == rows - 1
    query = "select original, reason from quarantine.rejected_rows"
    assert example.rows(query) == [("3398,,,,,,", "is required and empty")]


def test_each_post_is_there_once(
    example: Example, mentions: dict[str, dict[str, str]], posts: dict[str, Post]
) -> None:
    query = "select source_name, count(*) from raw.messages group by 1"
    expected = {"airline_mentions": len(mentions), "support_threads": len(posts)}
    assert dict(example.rows(query)) == expected
    query = "select direction, count(*) from raw.messages where source_name = %s group by 1"
    found = dict(example.rows(query.replace("%s", "'support_threads'")))
    inbound = sum(post.is_inbound for post in posts.values())
    assert found == {"inbound": inbound, "outbound": len(posts) - inbound}


def test_brand_of_every_customers_post(
    example: Example, posts: dict[str, Post], brands: dict[str, str]
) -> None:
    query = """
        select message_id, coalesce(brand, 'unknown') from raw.messages
        where source_name = 'support_threads' and direction = 'inbound'
    """
    inbound = {each: brands[each] for each, post in posts.items() if post.is_inbound}
    assert dict(example.rows(query)) == inbound
    assert sum(brand == "unknown" for brand in inbound.values()) < 0.06 * len(inbound)


def test_reply_time_by_brand(example: Example, openings: list[Opening]) -> None:
    found = example.measures("social_reply_time", "brand")
    judged = 0
    for key, group in by_month_and_brand(openings).items():
        measure = found[key]
        waits = [each.wait for each in group]
        assert measure.n == len(group), key
        assert measure.numerator == sum(is_reply for _, is_reply in waits), key
        if measure.value is not None:
            assert measure.value == pytest.approx(median(waits)), key
            judged += 1
    assert judged >= 8


def test_reply_time_of_all_brands(example: Example, openings: list[Opening]) -> None:
    found = example.company("social_reply_time")
    for month in MONTHS:
        waits = [each.wait for each in openings if each.month == month]
        assert all(minutes >= 0 for minutes, _ in waits)
        assert found[month].value == pytest.approx(median(waits))


def test_response_rate_within_a_day_by_brand(example: Example, openings: list[Opening]) -> None:
    found = example.measures("social_response_rate_24h", "brand")
    for key, group in by_month_and_brand(openings).items():
        answered = sum(
            is_reply and minutes <= 1440 for minutes, is_reply in (e.wait for e in group)
        )
        measure = found[key]
        assert (measure.numerator, measure.denominator) == (answered, len(group)), key


def test_mentions_without_an_answer_in_the_archive_are_in_no_rate(example: Example) -> None:
    assert date(2015, 2, 1) in example.company("net_sentiment")
    for metric in ("social_response_rate_24h", "social_reply_time"):
        assert date(2015, 2, 1) not in example.company(metric), metric


def test_net_sentiment_by_brand(
    example: Example, mentions: dict[str, dict[str, str]], posts: dict[str, Post], brands
) -> None:
    labels = dict(example.rows("select text_hash, label from analytics.text_scores"))
    worth = {"positive": 1, "neutral": 0, "negative": -1}
    reported = [(date(2015, 2, 1), row["airline"], row["text"]) for row in mentions.values()]
    reported += [
        (post.sent_at.date().replace(day=1), brands[each], post.text)
        for each, post in posts.items()
        if post.is_inbound
    ]
    expected: dict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    for month, brand, text in reported:
        label = labels.get(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
        expected[month, brand][0] += worth.get(label, 0)
        expected[month, brand][1] += label is not None
    found = example.measures("net_sentiment", "brand")
    for month in (date(2015, 2, 1), *MONTHS):
        counted = {k[1]: (it.numerator, it.denominator) for k, it in found.items() if k[0] == month}
        sums = {k[1]: tuple(v) for k, v in expected.items() if k[0] == month and v[1]}
        assert counted == sums


def test_airlines_stand_in_the_order_of_the_human_labels(
    example: Example, mentions: dict[str, dict[str, str]]
) -> None:
    worth = {"positive": 1, "neutral": 0, "negative": -1}
    human: dict[str, list[int]] = defaultdict(list)
    for row in mentions.values():
        human[row["airline"]].append(worth[row["airline_sentiment"]])
    found = example.measures("net_sentiment", "brand")
    airlines = sorted(human)
    assert len(airlines) == 6
    measured = [found[date(2015, 2, 1), airline].value for airline in airlines]
    correlation = stats.spearmanr(
        measured, [sum(human[each]) / len(human[each]) for each in airlines]
    )
    assert correlation.statistic >= 0.9


def test_cards_without_data_say_what_they_need(example: Example) -> None:
    notes = example.notes()
    for metric in ("net_sentiment", "social_reply_time", "social_response_rate_24h"):
        assert notes[metric] == ""
    for metric in ("retention_rate", "repeat_purchase_rate", "cohort_retention", "rfm_segment"):
        assert notes[metric].startswith("no data: needs orders"), metric
    assert notes["nps"] == "no data: needs survey responses"
    assert notes["first_reply_time"] == "no data: needs tickets"


def test_four_cards_are_filled(example: Example) -> None:
    """No source tells how many people follow whom: there is no reach, rather than one of 0."""
    assert [card.state for card in example.cards()] == ["value"] * 4
