"""With which role the commands that only read connect to the warehouse."""

from collections.abc import Callable

from dashboards.reading_role import RoleNotMade
from dashboards.scorecard import page_role
from orchestration import status_role, terminal


def published_url(url: str) -> str:
    """Return the URL of the role that reads what is published; `url` where there can't be one."""
    return _url_of(page_role.make, url)


def status_url(url: str) -> str:
    """Return the URL of the role that reads ledgers; `url` where there can't be one."""
    return _url_of(status_role.make, url)


def _url_of(make: Callable[[str], str], url: str) -> str:
    try:
        return make(url)
    except RoleNotMade as error:
        terminal.err.print(
            "Reading the warehouse with the account of CONCORD_DATABASE_URL, for want of a role"
            f" that only reads: {error}",
            markup=False,
        )
        return url
