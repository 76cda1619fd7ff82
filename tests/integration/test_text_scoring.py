"""What could go wrong between the texts and their scores in the warehouse, and on real tweets."""

import csv
import gzip
import hashlib
from pathlib import Path

import numpy as np
import psycopg
import pytest
from scipy.stats import spearmanr

from analytics.text import scoring

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
MENTIONS = SHARED / "brand_care" / "airline_mentions_2015.csv.gz"
HANDLES = ["VirginAmerica", "united", "SouthwestAir", "JetBlue", "USAirways", "AmericanAir"]
LABELS = ["negative", "neutral", "positive"]


def stage(url: str, texts: list[str]) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("create schema if not exists staging")
        cursor.execute(
            "create table if not exists staging.stg_messages"
            " (text_hash text, text text, direction text, is_spam boolean)"
        )
        cursor.executemany(
            "insert into staging.stg_messages values (%s, %s, 'inbound', null)",
            [(hashlib.md5(text.encode()).hexdigest(), text) for text in texts],
        )


def scores(url: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select text_hash, label, engine_version, scored_at from analytics.text_scores "
            "order by text_hash"
        ).fetchall()


@pytest.mark.postgres
def test_only_new_texts_are_scored(database_url: str):
    stage(database_url, ["I love it", "I hate it"])
    assert scoring.score_new_texts(database_url, ["en"]).scored == 2
    first = scores(database_url)
    stage(database_url, ["It opens at nine"])
    assert scoring.score_new_texts(database_url, ["en"]).scored == 1
    assert set(first) < set(scores(database_url))
    assert scoring.score_new_texts(database_url, ["en"]).scored == 0


@pytest.mark.postgres
def test_a_new_engine_version_scores_again_beside_the_old(database_url: str, monkeypatch):
    stage(database_url, ["I love it"])
    scoring.score_new_texts(database_url, ["en"])
    monkeypatch.setattr("analytics.text.sentiment.version", lambda name: "99")
    assert scoring.score_new_texts(database_url, ["en"]).scored == 1
    assert len({row[2] for row in scores(database_url)}) == 2


@pytest.mark.postgres
def test_no_texts_give_no_scores_and_no_error(database_url: str):
    stage(database_url, [])
    assert scoring.score_new_texts(database_url, ["en"]) == scoring.ScoringReport(0, 0)


@pytest.fixture(scope="module")
def mentions() -> tuple[list[str], list[str], list[str | None]]:
    """Give airline, human label and our label of each real mention."""
    if not MENTIONS.exists():
        pytest.skip("the real mentions in ../shared/data are not here")
    with gzip.open(MENTIONS, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = scoring.Scorer(["en"], HANDLES).score([(row["tweet_id"], row["text"]) for row in rows])
    return (
        [row["airline"] for row in rows],
        [row["airline_sentiment"] for row in rows],
        [score.label for score in found],
    )


def f1(label: str, truth: list[str], found: list[str | None]) -> float:
    hits = sum(a == b == label for a, b in zip(truth, found, strict=True))
    return 2 * hits / (truth.count(label) + found.count(label))


@pytest.mark.shared
def test_macro_f1_on_real_mentions(mentions):
    _, truth, found = mentions
    assert np.mean([f1(label, truth, found) for label in LABELS]) >= 0.54


@pytest.mark.shared
def test_airlines_stand_in_the_order_of_the_human_labels(mentions):
    airlines, truth, found = mentions

    def net(labels: list, airline: str) -> float:
        own = [b for a, b in zip(airlines, labels, strict=True) if a == airline and b]
        return (own.count("positive") - own.count("negative")) / len(own)

    names = sorted(set(airlines))
    ours, theirs = [net(found, name) for name in names], [net(truth, name) for name in names]
    assert len(names) == 6
    assert spearmanr(ours, theirs).statistic >= 0.9
