"""Publishing to Metabase, as settings and warehouse say: what `dashboards.metabase` is given."""

import os
import secrets

from psycopg.conninfo import conninfo_to_dict

from dashboards.metabase import reader
from dashboards.metabase.client import Client
from dashboards.metabase.facts import Facts
from dashboards.metabase.publish import Outcome, Target, publish
from dashboards.metabase.server import Credentials
from dashboards.metabase.site import Mailing
from dashboards.scorecard import definition, publication
from dashboards.scorecard.definition import ScorecardDefinition
from dashboards.scorecard.fitting import fitted
from dashboards.scorecard.page import what_is_published
from dashboards.scorecard.queries import open_reader
from orchestration.configuration import Metabase
from orchestration.errors import MetabaseNotConfigured, NothingPublished
from orchestration.layout import layout
from orchestration.settings import Settings


def publish_to_metabase(settings: Settings, url: str, *, dry_run: bool = False) -> Outcome:
    """Bring the configured Metabase to what is published.

    Raises MetabaseNotConfigured, NothingPublished, or a MetabaseError.
    """
    section = settings.configuration.metabase
    if section is None:
        raise MetabaseNotConfigured(
            f"{settings.config_file.name} has no section [metabase]; docs/metabase.md says what"
            " it holds"
        )
    password = settings.metabase_secrets.reader_password or _own_password(settings, dry_run)
    publication.prepare(url)
    if not dry_run:
        reader.make(url, password)
    target = _target(settings, section, url, password)
    return publish(facts(url, layout(settings)), target, dry_run=dry_run)


def facts(url: str, cards: ScorecardDefinition | None = None) -> Facts:
    """Read what the dashboards are made of, with the page's cards.

    Raises NothingPublished where there is nothing yet.
    """
    with open_reader(url) as published:
        standing = published.standing()
        if standing.published is None:
            raise NothingPublished("nothing is published yet; run `concord run` first")
        wanted, known = cards or definition.load(), published.definitions()
        found = what_is_published(published, known, wanted)
        return Facts(
            fitted(wanted, found),
            known,
            published.owners(),
            standing.company,
            reader.readable_columns(published.connection),
            found.absences,
        )


def _target(settings: Settings, section: Metabase, url: str, password: str) -> Target:
    own = settings.metabase_secrets
    return Target(
        client=Client(section.url),
        credentials=Credentials(own.api_key, own.admin_email, own.admin_password),
        access=_access(section, url, password),
        mailing=Mailing(
            section.recipients, section.weekly_day, section.weekly_hour, section.alert_hour
        ),
    )


def _access(section: Metabase, url: str, password: str) -> reader.Access:
    """Say how Metabase reaches the warehouse: as we do, unless configured otherwise."""
    ours = conninfo_to_dict(url)
    return reader.Access(
        host=section.warehouse_host or str(ours.get("host") or "127.0.0.1"),
        port=section.warehouse_port or int(ours.get("port") or 5432),
        dbname=str(ours["dbname"]),
        password=password,
        ssl=section.warehouse_ssl,
    )


def _own_password(settings: Settings, dry_run: bool) -> str:
    """Return the role's password from the workspace, where it is made once."""
    path = settings.reader_password_file
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    password = secrets.token_urlsafe(32)
    if not dry_run:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
    return password
