"""Risk: a limit is a count beside what chance does, and a month is called a change, or isn't."""

from pathlib import Path

import numpy as np
import psycopg
import pytest
from scipy.stats import binom, poisson

from orchestration import dbt
from orchestration.settings import load_settings

pytestmark = pytest.mark.postgres
SERIES, TAIL = 20_000, 0.00135
_TABLES = """
create schema intermediate;
create table intermediate.int_scorecard_points (
    metric_id text, segment_name text, segment_value text, regime int, period_start date,
    is_seasonal boolean, chance_kind text, denominator numeric, prior_year_denominator numeric,
    interval_width numeric
);
create table intermediate.int_scorecard_limits (
    metric_id text, segment_name text, segment_value text, regime int, judged_mean numeric,
    chance_rate double precision
);
"""
_DISTANCES = """
select chance_below, chance_above from intermediate.int_scorecard_chance
where metric_id = %s order by cast(segment_value as integer)
"""
Quantiles = tuple[np.ndarray, np.ndarray]


def test_limits_of_chance_are_the_exact_quantiles(database_url: str, tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    trials = np.exp(chance.uniform(0, np.log(2e6), SERIES)).astype(int)
    share = 1 / (1 + np.exp(-chance.uniform(-8, 8, SERIES)))
    mean = np.exp(chance.uniform(np.log(0.05), np.log(1e5), SERIES))
    with psycopg.connect(database_url) as connection:
        connection.execute(_TABLES)
        _write(connection, "share", trials, share)
        _write(connection, "count", np.full(SERIES, np.nan), mean / 1e12)
    _build(database_url, tmp_path)

    with psycopg.connect(database_url) as connection:
        lowest, highest = _counts(connection, "share", trials / 100)
        assert (lowest == binom.ppf(TAIL, trials, share)).all()
        assert (highest == binom.ppf(1 - TAIL, trials, share)).all()
        lowest, highest = _counts(connection, "count", np.ones(SERIES))
        assert (lowest == poisson.ppf(TAIL, mean)).all()
        assert (highest == poisson.ppf(1 - TAIL, mean)).all()


def _write(connection: psycopg.Connection, kind: str, n: np.ndarray, rate: np.ndarray) -> None:
    points = connection.cursor().copy("copy intermediate.int_scorecard_points from stdin")
    with points as rows:
        for series, trials in enumerate(n):
            known = None if np.isnan(trials) else int(trials)
            rows.write_row(
                (kind, "series", series, 0, "2026-01-01", False, kind, known, None, None)
            )
    limits = connection.cursor().copy("copy intermediate.int_scorecard_limits from stdin")
    with limits as rows:
        for series, often in enumerate(rate):
            rows.write_row((kind, "series", series, 0, 0, often))


def _build(url: str, folder: Path) -> None:
    config = folder / "concord.toml"
    config.write_text('[company]\nname = "Chance"\n', encoding="utf-8")
    settings = load_settings(config, folder / "dbt", environment={})
    assert not dbt.by_hand(
        settings, url, ["--quiet", "run", "--select", "int_scorecard_trials int_scorecard_chance"]
    )


def _counts(connection: psycopg.Connection, kind: str, scale: np.ndarray) -> Quantiles:
    """Return the counts at the limits: where the mean is 0, a distance is a count by its scale."""
    below, above = np.array(connection.execute(_DISTANCES, (kind,)).fetchall(), dtype=float).T
    return np.round(-below * scale), np.round(above * scale)
