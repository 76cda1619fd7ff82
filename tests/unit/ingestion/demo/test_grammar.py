"""A lexicon must read the planted sentiment out of the texts, or no truth can be found."""

import numpy as np
import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from ingestion.demo import grammar
from ingestion.demo.network import ANSWERS, status_text
from ingestion.demo.social import ANSWER, ENGLISH, FOLLOW_UP, MENTION

ANALYSER = SentimentIntensityAnalyzer()


def label(text: str) -> int:
    score = ANALYSER.polarity_scores(text)["compound"]
    if score < 0:
        return grammar.NEGATIVE
    return grammar.POSITIVE if score >= 0.4 else grammar.NEUTRAL


def draws(count: int) -> list[tuple[int, int]]:
    random = np.random.default_rng(3)
    return [(int(a), int(b)) for a, b in random.integers(0, 1 << 30, (count, 2))]


@pytest.mark.parametrize("topic", list(grammar.NEGATIVE_CORES))
@pytest.mark.parametrize("sentiment", [grammar.NEGATIVE, grammar.NEUTRAL, grammar.POSITIVE])
def test_texts_read_as_planted(sentiment, topic):
    texts = [grammar.write(sentiment, topic, *draw) for draw in draws(200)]
    right = sum(label(text) == sentiment for text in texts)
    assert right >= 0.95 * len(texts), [t for t in texts if label(t) != sentiment][:5]


def test_follow_ups_and_answers_are_neutral():
    texts = [grammar.write_follow_up(*draw) for draw in draws(200)]
    texts += [grammar.write_from(ANSWERS, *draw) for draw in draws(200)]
    assert {label(text) for text in texts} == {grammar.NEUTRAL}


def test_nearly_all_mentions_of_the_company_read_as_planted(company):
    said = company.statuses
    spoken = np.isin(said.kind, (MENTION, ANSWER, FOLLOW_UP)) & (said.language == ENGLISH)
    rows = np.flatnonzero(spoken)[::7]
    right = [label(status_text(company, int(row))) == said.sentiment[row] for row in rows]
    assert np.mean(right) >= 0.98


def test_texts_vary():
    texts = {grammar.write(grammar.NEGATIVE, "product", *draw) for draw in draws(1_000)}
    assert len(texts) > 900
