"""Templates and static files turned into HTML text.

No reading of the warehouse here. `Links` is what differs between the served page and the
self-contained file: where a card leads, and whether styles are linked or held inside.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from dashboards.scorecard import (
    charts,
    definition,
    formatting,
    funnel_charts,
    interval_charts,
    story_charts,
    strata,
)
from dashboards.scorecard.page import Filters
from dashboards.scorecard.security import inline_policy


@dataclass(frozen=True)
class Links:
    """Addresses on the served page, which keep what the reader chose."""

    filters: Filters = field(default_factory=Filters)
    is_file: bool = False

    @property
    def suffix(self) -> str:
        query = self.filters.query
        return f"?{query}" if query else ""

    @property
    def home(self) -> str:
        return "#scorecard" if self.is_file else f"/{self.suffix}"

    @property
    def metrics(self) -> str:
        return "#all-metrics" if self.is_file else f"/metrics{self.suffix}"

    def metric(self, metric_id: str) -> str:
        """Return where a card opens."""
        return f"#metric-{metric_id}" if self.is_file else f"/metric/{metric_id}{self.suffix}"

    def segment(self, metric_id: str, segment: tuple[str, str]) -> str:
        """Return where a metric opens with one segment chosen; a file has the metric alone."""
        return Links(replace(self.filters, segment=segment), self.is_file).metric(metric_id)

    def person(self, person_id: str) -> str:
        """Return where one person's story is."""
        return f"/person/{quote(person_id, safe='')}{self.suffix}"

    @property
    def crises(self) -> str:
        """Return where the list of crises is."""
        place = self.metric("crisis_count")
        return place if self.is_file else f"{place}#crises-crisis_count"

    def rows(self, metric_id: str, offset: int) -> str:
        """Return the address of another page of rows."""
        parts = [part for part in (self.filters.query, f"offset={offset}") if part]
        return f"/metric/{metric_id}?{'&'.join(parts)}#rows-{metric_id}"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the template environment, with the charts as functions."""
    made = Environment(
        loader=PackageLoader("dashboards.scorecard"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        signal_rule=formatting.signal_rule,
        sparkline=charts.sparkline,
        history=charts.history,
        bullets=charts.bullets,
        funnel_plot=funnel_charts.funnel_plot,
        interval_panel=interval_charts.interval_panel,
        story_lanes=story_charts.story_lanes,
        strata_columns=strata.COLUMNS,
        segment_title=definition.load().segment_title,
        value_title=definition.load().value_title,
        moment=formatting.moment,
        day=formatting.day,
        number=formatting.number,
        counted=formatting.counted,
    )
    return made


@lru_cache(maxsize=8)
def static_text(name: str) -> str:
    """Read a static file of the package."""
    place = resources.files("dashboards.scorecard").joinpath("static", name)
    return place.read_text(encoding="utf-8")


def render(template: str, page: Any, filters: Filters) -> str:
    """Render a served page."""
    links = Links(filters)
    return environment().get_template(template).render(page=page, links=links, inline=None)


def render_file(template: str, page: Any, **more: Any) -> str:
    """Render a self-contained page with its style, script and policy inside."""
    style, script = static_text("page.css"), static_text("page.js")
    inline = {
        "style": style,
        "script": script,
        "policy": inline_policy(style, script),
    }
    links = Links(is_file=True)
    return (
        environment().get_template(template).render(page=page, links=links, inline=inline, **more)
    )
