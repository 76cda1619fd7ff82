"""What readers see at present, for commands that say so in a line."""

from dashboards.scorecard.formatting import counted
from dashboards.scorecard.queries import open_reader


def is_published(url: str) -> bool:
    """Return whether there is a scorecard to read."""
    with open_reader(url) as reader:
        return reader.standing().published is not None


def publication(url: str) -> str:
    """Say in one sentence what readers see at present, for a status line."""
    with open_reader(url) as reader:
        standing = reader.standing()
    published, hold = standing.published, standing.hold
    shown = (
        f"{counted(published.rows, 'scorecard row')},"
        f" published {published.happened_at:%Y-%m-%d %H:%M} UTC"
        if published
        else "nothing published yet"
    )
    return f"{shown}; held since: {'; '.join(hold.reasons)}" if hold else shown
