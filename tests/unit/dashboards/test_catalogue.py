"""Risk: the definitions that people read aren't those that the numbers are computed by."""

import csv

import pytest

from dashboards.scorecard import catalogue, definition

METRICS = catalogue.read()
TEXT = catalogue.markdown(METRICS, definition.load().areas)
SHOWN = ("question", "definition", "numerator", "denominator", "source", "rows_mart")


def section(metric_id: str) -> str:
    return TEXT.partition(f"### `{metric_id}`\n")[2].partition("\n## ")[0].partition("\n### ")[0]


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric["metric_id"])
def test_each_metric_is_shown_in_the_words_of_its_definition(metric):
    text = section(metric["metric_id"])
    assert [key for key in SHOWN if metric[key] not in text] == []
    assert f"| version | {metric['version']} |" in text
    pages = dict.fromkeys(("promises", "targets"), "configuration.md")
    needs = metric["needs"].split(",")
    assert all(f"[{name}]({pages.get(name, 'sources.md')}#{name})" in text for name in needs)


@pytest.mark.parametrize("column", ["unit", "direction", "interval_method"])
def test_no_code_of_the_seed_is_shown_unexplained(column):
    words = {
        "unit": definition.load().units,
        "direction": catalogue._DIRECTIONS,
        "interval_method": catalogue.INTERVALS,
    }[column]
    assert {metric[column] for metric in METRICS} <= set(words)


def test_every_area_has_a_title():
    assert {metric["area"] for metric in METRICS} <= set(definition.load().areas)


def test_a_metric_of_an_area_without_a_title_is_shown_all_the_same():
    stray = {**METRICS[0], "metric_id": "stray", "area": "staff"}
    assert "## staff\n\n### `stray`" in catalogue.markdown([stray], {})


def test_a_bar_in_a_definition_does_not_break_its_table():
    barred = {**METRICS[0], "numerator": "a | b"}
    assert "| numerator | a \\| b |" in catalogue.markdown([barred], {})


def test_the_command_writes_the_file_and_says_where(tmp_path, capsys):
    output = tmp_path / "new" / "metrics.md"
    catalogue.main([str(output)])
    assert output.read_text(encoding="utf-8") == TEXT
    assert str(output) in capsys.readouterr().out


def test_the_definitions_are_read_from_any_seed(tmp_path):
    seed = tmp_path / "definitions.csv"
    with seed.open("w", newline="") as file:
        writer = csv.DictWriter(file, METRICS[0])
        writer.writeheader()
        writer.writerow({**METRICS[0], "question": "Who, and\nwhy?"})
    assert catalogue.read(seed)[0]["question"] == "Who, and\nwhy?"
