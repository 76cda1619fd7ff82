"""Sentiment engines behind one interface.

An engine says which languages it knows and gives each text a number from -1 (negative) to 1
(positive). Where negative ends and positive begins is part of the engine, since engines differ.
"""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Protocol

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer


class SentimentEngine(Protocol):
    """What scoring needs of an engine."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def languages(self) -> frozenset[str]: ...

    def score(self, texts: Sequence[str]) -> list[float]:
        """Return one number from -1 to 1 for each cleaned text, in their order."""
        ...

    def label(self, score: float) -> str:
        """Return negative, neutral or positive."""
        ...


class Vader:
    """VADER (Hutto & Gilbert 2014): a lexicon of English social media with rules."""

    name = "vader"
    languages = frozenset({"en"})
    # On three classes of tweets these bounds beat VADER's own -0.05 and 0.05.
    positive_from = 0.4
    # Raise it when the same text begins to get another score: then all are scored anew.
    revision = 2

    @property
    def version(self) -> str:
        return f"{version('vaderSentiment')}-{self.revision}"

    def score(self, texts: Sequence[str]) -> list[float]:
        analyzer = _analyzer()
        return [analyzer.polarity_scores(text)["compound"] for text in texts]

    def label(self, score: float) -> str:
        if score < 0:
            return "negative"
        return "positive" if score >= self.positive_from else "neutral"


@cache
def _analyzer() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
