"""What could make a sentiment wrong: names read as words, length, languages, emptiness."""

import time

import pytest

from analytics.text.cleaning import MAXIMUM_LENGTH, Cleaner
from analytics.text.language import LanguageDetector
from analytics.text.scoring import Scorer
from analytics.text.sentiment import Vader


def label_of(text: str, **options) -> str | None:
    options = {"languages": ["en"], **options}
    return Scorer(**options).score([("hash", text)])[0].label


def test_a_handle_that_is_a_kind_word_does_not_count():
    assert Cleaner().clean("@united my bag is gone") == "my bag is gone"


def test_a_brand_name_that_is_a_kind_word_does_not_count():
    scorer = Scorer(["en"], ["United"])
    with_name, without_name = scorer.score([("a", "flew United today"), ("b", "flew today")])
    assert with_name.sentiment == without_name.sentiment == 0


def test_a_brand_name_inside_another_word_stays():
    assert Cleaner(["Ace"]).clean("a peaceful place") == "a peaceful place"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("see https://t.co/abc now", "see now"),
        ("fish &amp;amp; chips", "fish & chips"),
        ("two\n\nlines\t here", "two lines here"),
        ("hello @someone@social.example you", "hello you"),
        ("write to me@example.com", "write to me@example.com"),
        ("@brand", ""),
        ("... !!!", ""),
        ("😀", "😀"),
    ],
)
def test_cleaning_leaves_the_words(raw: str, words: str):
    assert Cleaner(["brand"]).clean(raw) == words


def test_a_very_long_text_costs_no_more_than_a_long_one():
    started = time.process_time()
    assert len(Cleaner().clean("😀 " * 50_000)) <= MAXIMUM_LENGTH
    label_of("😀 " * 50_000)
    assert time.process_time() - started < 5


def test_an_unsupported_language_scores_null_and_never_zero():
    texts = [("a", "Das Paket ist schon wieder nicht angekommen, ich bin sehr enttäuscht")]
    score = Scorer(["en", "de"]).score(texts)[0]
    assert (score.language, score.sentiment, score.label) == ("de", None, None)


def test_a_text_without_words_has_neither_language_nor_sentiment():
    score = Scorer(["en", "de"]).score([("a", "@brand https://t.co/x")])[0]
    assert (score.language, score.sentiment, score.label) == (None, None, None)


@pytest.mark.parametrize("languages", [["en"], ["en", "es"], ["ru"]])
def test_a_face_alone_is_of_no_language_and_means_the_same_in_each(languages: list[str]):
    texts = [(text, text) for text in (":(", ":-(", "<3", "😡", "12345")]
    scores = {each.text_hash: each for each in Scorer(languages).score(texts)}
    assert {each.language for each in scores.values()} == {None}
    assert [each.label for each in scores.values()] == [
        "negative",
        "negative",
        "positive",
        None,  # VADER has no word for it, which is not the same as neutral
        None,
    ]


def test_only_configured_languages_are_detected():
    texts = ["Where is my order?", "Wo ist meine Bestellung?", "¿Dónde está mi pedido?"]
    detector = LanguageDetector(["en", "de"])
    assert {detector.detect(text) for text in texts} <= {"en", "de"}
    assert detector.detect(texts[1]) == "de"


def test_no_language_at_all_is_a_mistake():
    with pytest.raises(ValueError, match="at least one"):
        LanguageDetector([])


@pytest.mark.parametrize(
    ("score", "label"),
    [(-1, "negative"), (-0.001, "negative"), (0, "neutral"), (0.399, "neutral"), (0.4, "positive")],
)
def test_vader_three_classes_have_the_measured_bounds(score: float, label: str):
    assert Vader().label(score) == label


def test_clear_praise_and_clear_complaint_are_distinguished():
    assert label_of("I love this, wonderful service!") == "positive"
    assert label_of("Terrible. My order is late again and nobody helps.") == "negative"
    assert label_of("The shop opens at nine.") == "neutral"
