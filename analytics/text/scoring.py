"""Score the texts of the warehouse that no run has scored yet.

Reads staging.stg_messages and writes analytics.text_scores, one row per distinct text. Texts are
committed in blocks, so a killed run loses one block at the most and the next one goes on after it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from analytics import tables
from analytics.text.cleaning import Cleaner, has_words
from analytics.text.language import LanguageDetector
from analytics.text.sentiment import SentimentEngine, Vader

_BLOCK = 2_000

_TABLE = """
create table if not exists analytics.text_scores (
    text_hash text not null,
    engine text not null,
    engine_version text not null,
    language text,
    sentiment numeric,
    label text,
    scored_at timestamptz not null,
    primary key (text_hash, engine, engine_version)
)
"""

_NEW_TEXTS = """
create temporary table new_texts on commit drop as
select distinct on (messages.text_hash) messages.text_hash, messages.text
from staging.stg_messages as messages
where messages.direction = 'inbound'
and messages.text_hash is not null
and not coalesce(messages.is_spam, false)
and not exists (
    select 1 from analytics.text_scores as scores
    where scores.text_hash = messages.text_hash
    and scores.engine = %s and scores.engine_version = %s
)
"""


@dataclass(frozen=True)
class Score:
    """What an engine says of one text; all None where it can't tell."""

    text_hash: str
    language: str | None
    sentiment: float | None
    label: str | None


@dataclass(frozen=True)
class ScoringReport:
    """How many texts one run scored, and how many of them are in no supported language."""

    scored: int
    unsupported: int


class Scorer:
    """Turns texts into scores: clean, detect the language, ask the engine."""

    def __init__(
        self,
        languages: Sequence[str],
        brand_names: Sequence[str] = (),
        engine: SentimentEngine | None = None,
    ):
        self.engine = engine or Vader()
        self._detector = LanguageDetector(languages)
        self._cleaner = Cleaner(brand_names)

    def score(self, texts: Sequence[tuple[str, str]]) -> list[Score]:
        """Score (text_hash, text) pairs, in their order."""
        cleaned = [self._cleaner.clean(text) for _, text in texts]
        languages = [self._detector.detect(text) if has_words(text) else None for text in cleaned]
        faces = {i for i, text in enumerate(cleaned) if text and not has_words(text)}
        known = [
            i for i, name in enumerate(languages) if name in self.engine.languages or i in faces
        ]
        scores = zip(known, self.engine.score([cleaned[i] for i in known]), strict=True)
        # Of a face that the engine doesn't know it can't say that it is neutral.
        numbers = {i: number for i, number in scores if number or i not in faces}
        return [
            Score(
                text_hash,
                languages[i],
                numbers.get(i),
                self.engine.label(numbers[i]) if i in numbers else None,
            )
            for i, (text_hash, _) in enumerate(texts)
        ]


def prepare(url: str) -> None:
    """Make analytics.text_scores where it doesn't exist yet."""
    tables.prepare(url, _TABLE)


def score_new_texts(
    url: str,
    languages: Sequence[str],
    brand_names: Sequence[str] = (),
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> ScoringReport:
    """Score every staged text that this engine, in this version, has not scored.

    `on_progress` is given how many of how many are done.
    """
    prepare(url)
    scorer = Scorer(languages, brand_names)
    engine = (scorer.engine.name, scorer.engine.version)
    done = unsupported = 0
    with psycopg.connect(url) as reading, psycopg.connect(url) as writing:
        total = reading.execute(_NEW_TEXTS, engine).rowcount
        for block in _new_texts(reading):
            scores = scorer.score(block)
            _write(writing, engine, scores)
            done += len(scores)
            unsupported += sum(score.sentiment is None for score in scores)
            on_progress(done, total)
    return ScoringReport(done, unsupported)


def _new_texts(connection: psycopg.Connection) -> Iterator[list[tuple[str, str]]]:
    """Read the texts that were found, a block at a time: all of them may not fit in memory."""
    with connection.cursor(name="new_texts") as cursor:
        cursor.execute("select text_hash, text from new_texts")
        while block := cursor.fetchmany(_BLOCK):
            yield block


def _write(
    connection: psycopg.Connection, engine: tuple[str, str], scores: Sequence[Score]
) -> None:
    scored_at = datetime.now(UTC)
    copy = """
        copy analytics.text_scores
        (text_hash, engine, engine_version, language, sentiment, label, scored_at) from stdin
    """
    with connection.transaction(), connection.cursor().copy(copy) as rows:
        for score in scores:
            rows.write_row(
                (score.text_hash, *engine, score.language, score.sentiment, score.label, scored_at)
            )
