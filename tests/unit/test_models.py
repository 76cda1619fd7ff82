"""Risk: a model grows until nobody reads it from top to bottom."""

from pathlib import Path

MODELS = Path(__file__).parents[2] / "dbt_project" / "models"
MOST_LINES = 80


def test_no_model_is_longer_than_a_screen_or_two() -> None:
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in MODELS.rglob("*.sql")
    }
    assert len(lengths) > 100
    assert {name: n for name, n in lengths.items() if n > MOST_LINES} == {}
