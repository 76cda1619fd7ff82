"""Which of the configured languages a text is in.

Naming the languages beforehand matters more than the detector: short posts are otherwise
taken for any of a hundred.
"""

from collections.abc import Sequence


class LanguageDetector:
    """Detects one of `languages` (ISO 639-1); with only one there is nothing to detect."""

    def __init__(self, languages: Sequence[str]):
        if not languages:
            raise ValueError("name at least one language")
        self._languages = tuple(languages)
        self._identifier = _identifier(self._languages) if len(languages) > 1 else None

    def detect(self, text: str) -> str:
        """Return the language of `text`."""
        if self._identifier is None:
            return self._languages[0]
        return self._identifier.classify(text)[0]


def _identifier(languages: tuple[str, ...]):
    # The model takes a second to unpack, so only who has a choice to make loads it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(languages))
    return identifier
