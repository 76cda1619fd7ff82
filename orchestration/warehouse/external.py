"""Check a PostgreSQL server that somebody else runs, named by CONCORD_DATABASE_URL.

Whatever is wrong with it is reported once, at the start, and not in the middle of a load.
"""

from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import psycopg

from orchestration.warehouse.errors import (
    AccessError,
    UnreachableError,
    UrlError,
    WrongVersionError,
)

# The oldest version that PostgreSQL itself still maintains in 2026.
_OLDEST_VERSION = 14
_CONNECT_SECONDS = 10
_FORM = "postgresql://user:password@host:5432/database"


def check_external(database_url: str) -> str:
    """Return the URL in the form that every component takes, once the server is fit for use."""
    parts = _parse(database_url)
    url = urlunsplit(parts)
    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_SECONDS) as connection:
            _check_version(connection, parts)
            _check_rights(connection, parts)
    except psycopg.OperationalError as error:
        raise UnreachableError(
            f"The database server {_name(parts)} of CONCORD_DATABASE_URL can't be reached or "
            f"refuses the login: {_reason(error, parts)}\nCheck that it runs, that host, port, "
            "user, password and database are right, and that it accepts connections from here."
        ) from None
    except psycopg.ProgrammingError:
        raise UrlError(
            f"CONCORD_DATABASE_URL is not a URL that PostgreSQL understands; write it as {_FORM}, "
            "with special characters of the password percent-encoded."
        ) from None
    return url


def _parse(database_url: str) -> SplitResult:
    try:
        parts = urlsplit(database_url.strip())
        is_complete = bool(parts.hostname and parts.path.strip("/")) and parts.port != 0
    except ValueError:
        is_complete = False
    if not is_complete or parts.scheme not in {"postgresql", "postgres"}:
        raise UrlError(
            f"CONCORD_DATABASE_URL must name a scheme, a host and a database: {_FORM}, with "
            "special characters of the password percent-encoded."
        )
    for is_so, what, remedy in (
        (parts.netloc.count("@") > 1, "an @ in its user or password", "Write it as %40"),
        (" " in unquote(parts.password or ""), "a blank in its password", "Choose another one"),
        ("%" in parts.path, "a percent sign in its database's name", "Name another database"),
    ):
        if is_so:
            raise UrlError(
                f"CONCORD_DATABASE_URL has {what}, which not every component that connects "
                f"reads alike. {remedy}."
            )
    return parts._replace(scheme="postgresql")


def _name(parts: SplitResult) -> str:
    return f"{parts.hostname}:{parts.port or 5432}{parts.path}"


def _reason(error: psycopg.Error, parts: SplitResult) -> str:
    text = " ".join(str(error).split())
    password = parts.password or ""
    for secret in filter(None, (password, unquote(password))):
        text = text.replace(secret, "***")
    return text


def _check_version(connection: psycopg.Connection, parts: SplitResult) -> None:
    major = connection.info.server_version // 10_000
    if major < _OLDEST_VERSION:
        raise WrongVersionError(
            f"The database server {_name(parts)} is PostgreSQL {major}; Concord needs "
            f"{_OLDEST_VERSION} or newer. Upgrade the server, or name another one."
        )


def _check_rights(connection: psycopg.Connection, parts: SplitResult) -> None:
    row = connection.execute(
        "select has_database_privilege(current_database(), 'CREATE'), "
        "current_setting('transaction_read_only') = 'on', "
        "current_setting('server_encoding'), current_user, current_database()"
    ).fetchone()
    may_create, is_read_only, encoding, user, database = row or (False, False, "", "", "")
    if is_read_only:
        raise AccessError(
            f"The database {_name(parts)} can only be read (a standby, or "
            "default_transaction_read_only). Name the primary server in CONCORD_DATABASE_URL."
        )
    if not may_create:
        raise AccessError(
            f"The user {user} may not create schemas in {_name(parts)}. Let an administrator run: "
            f'grant create on database "{database}" to "{user}"'
        )
    if encoding != "UTF8":
        raise AccessError(
            f"The database {_name(parts)} is encoded in {encoding}; Concord needs UTF8. "
            "Create a database with encoding 'UTF8' and name that one."
        )
