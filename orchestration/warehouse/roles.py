"""The roles of the embedded server, and what everybody is refused on it.

The administrator, a superuser, makes databases and roles, and nothing else connects as it. The
owner has the database and all that is in it: Concord loads and builds as the owner, which reads no
file of the machine and runs no program. The roles that people read with belong to `dashboards`.
"""

import hashlib
import hmac

import psycopg
from psycopg import sql

ADMINISTRATOR, OWNER = "concord", "concord_owner"

# Everybody may do these in a new database: hold up a run by a lock that it waits for, and fill the
# disk with large objects, temporary tables and the server's log of changes.
_FOR_EVERYBODY = "advisory|^lo_|^loread|^lowrite|^pg_logical_emit_message"
# A wait for readers that never end ends the run instead, which then says so.
# What others may sort on disk is limited by the server (tuning.py); a run has to sort all there is.
_SETTINGS = {"lock_timeout": "10min", "temp_file_limit": "-1"}


def password_of(role: str, secret: str) -> str:
    """Return the password of a role, made of the administrator's, so that none has to be kept."""
    return hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()


def ensure_owner(connection: psycopg.Connection, secret: str) -> None:
    """Make the owner, and keep everybody else out of the server's own databases."""
    owner = sql.Identifier(OWNER)
    found = connection.execute("select 1 from pg_roles where rolname = %s", (OWNER,)).fetchone()
    if found is not None:
        _set_up(connection)
        return
    # Sent as a verifier, so that the password can't end up in the server's log.
    password = password_of(OWNER, secret).encode()
    verifier = connection.pgconn.encrypt_password(password, OWNER.encode(), b"scram-sha-256")
    with connection.transaction():
        create = sql.SQL("create role {} login createrole password {}")
        connection.execute(create.format(owner, sql.Literal(verifier.decode())))
        _set_up(connection)
        connection.execute("revoke all on database postgres, template1 from public")


def _set_up(connection: psycopg.Connection) -> None:
    """Set what the owner's connections begin with; an earlier version may have made the role."""
    for name, value in _SETTINGS.items():
        change = sql.SQL("alter role {} set {} = {}").format(
            sql.Identifier(OWNER), sql.Identifier(name), sql.Literal(value)
        )
        connection.execute(change)


def is_handed_over(connection: psycopg.Connection, database: str) -> bool:
    """Return whether the database is the owner's already."""
    found = connection.execute(
        "select pg_get_userbyid(datdba) = %s from pg_database where datname = %s",
        (OWNER, database),
    ).fetchone()
    return bool(found and found[0])


def hand_over(connection: psycopg.Connection) -> None:
    """Make all that is in the connection's database the owner's, and refuse everybody the rest.

    In a new database there is nothing yet; earlier versions worked as the administrator.
    """
    owner, database = sql.Identifier(OWNER), sql.Identifier(connection.info.dbname)
    with connection.transaction():
        connection.execute(sql.SQL("revoke all on database {} from public").format(database))
        for (function,) in connection.execute(_FUNCTIONS, (_FOR_EVERYBODY,)).fetchall():
            close = sql.SQL(
                "revoke execute on function {0} from public; grant execute on function {0} to {1}"
            )
            connection.execute(close.format(sql.SQL(function), owner))
        for kind, name in connection.execute(_EARLIER).fetchall():
            change = sql.SQL("alter {} {} owner to {}")
            connection.execute(change.format(sql.SQL(kind), sql.SQL(name), owner))
        for (role,) in connection.execute(_EARLIER_ROLES, (OWNER,)).fetchall():
            lend = sql.SQL("grant {} to {} with admin option, inherit false, set false")
            connection.execute(lend.format(sql.Identifier(role), owner))
        connection.execute(sql.SQL("alter database {} owner to {}").format(database, owner))


_FUNCTIONS = """
select oid::regprocedure::text from pg_proc
where pronamespace = 'pg_catalog'::regnamespace and proname ~ %s
"""

# Names are quoted by PostgreSQL: regclass and regnamespace write them as SQL has them.
_EARLIER = """
select 'schema', oid::regnamespace::text from pg_namespace
where nspowner = current_user::regrole and nspname !~ '^pg_' and nspname <> 'information_schema'
union all
select case relkind when 'v' then 'view' else 'table' end, oid::regclass::text from pg_class
where
    relowner = current_user::regrole
    and relkind in ('r', 'v')
    and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
"""

_EARLIER_ROLES = """
select rolname from pg_roles where rolname like 'concord\\_%%' and rolname <> %s
"""
