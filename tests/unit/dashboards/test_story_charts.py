"""Risk: the axis of a story names one day twice, or no day at all."""

import re
from datetime import datetime, timedelta

import pytest

from dashboards.scorecard.story import StoryMark
from dashboards.scorecard.story_charts import story_lanes

BEGAN = datetime(2026, 3, 1, 9)


@pytest.mark.parametrize("days", [0.2, 1, 4, 30, 119, 400, 3600])
@pytest.mark.parametrize("is_narrow", [False, True])
def test_an_axis_names_a_few_moments_each_once(days: float, is_narrow: bool) -> None:
    last = BEGAN + timedelta(days=days)
    marks = [StoryMark("Service", BEGAN), StoryMark("open", BEGAN, last)]
    drawn = story_lanes(marks, is_narrow=is_narrow)
    named = re.findall(r">(\d* ?[A-Z][a-z]{2}(?: \d{4})?(?:, \d\d:\d\d)?)</text>", drawn)
    assert 1 <= len(named) == len(set(named)) <= 12, named


def test_a_single_touch_can_be_drawn() -> None:
    assert "Orders" in story_lanes([StoryMark("Orders", BEGAN)])
