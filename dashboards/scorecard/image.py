"""The scorecard as one picture: an SVG composed from a template, drawn as PNG or PDF.

No browser is needed. It says the same as the page's first screen, in fixed light colours.
"""

import vl_convert

from dashboards.scorecard import charts
from dashboards.scorecard.page import ScorecardPage
from dashboards.scorecard.rendering import environment

PIXELS_PER_UNIT = 2


def svg(page: ScorecardPage) -> str:
    """Compose the picture of a scorecard."""
    template = environment().get_template("scorecard.svg.j2")
    return template.render(page=page, palette=charts.PRINT)


def png(page: ScorecardPage) -> bytes:
    """Draw the scorecard as a PNG, two pixels a unit."""
    return vl_convert.svg_to_png(svg(page), scale=PIXELS_PER_UNIT)


def pdf(page: ScorecardPage) -> bytes:
    """Draw the scorecard as a PDF of one page."""
    return vl_convert.svg_to_pdf(svg(page))
