"""Mark a source for its next load: to begin from scratch, or to lose more rows than usual.

A mark changes no row: the next run does, and what is published stays until then.
"""

import ingestion.loading
from orchestration.errors import UnknownSource
from orchestration.exclusive import only_run
from orchestration.preparation import prepare
from orchestration.settings import Settings


def check_name(settings: Settings, name: str) -> None:
    """Refuse a name that no configured source has."""
    names = settings.configuration.sources
    if name not in names:
        raise UnknownSource(
            f"there is no source {name!r}; use one of: {', '.join(names) or 'none is configured'}"
        )


def reset(settings: Settings, url: str, name: str) -> None:
    """Let the next load of a source begin from scratch; RunInProgress if one is on."""
    prepare(settings, url)
    with only_run(url):
        ingestion.loading.reset(url, name)


def accept_loss(settings: Settings, url: str, name: str) -> None:
    """Let the next load of a source lose any share of its rows; RunInProgress if one is on."""
    prepare(settings, url)
    with only_run(url):
        ingestion.loading.accept_loss(url, name)
