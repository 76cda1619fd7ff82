"""Publishing the scorecard to Metabase: every kind of object in the order of who needs whom.

Runs as often as one likes: what is as it should be is left alone, what was cut off is completed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from dashboards.metabase.client import Client
from dashboards.metabase.content import Collections, Questions
from dashboards.metabase.dashboards import Dashboards
from dashboards.metabase.errors import EmailNotConfigured
from dashboards.metabase.facts import Facts
from dashboards.metabase.mail import publish_mail
from dashboards.metabase.permissions import publish_permissions
from dashboards.metabase.publisher import Ids, Publisher, Report
from dashboards.metabase.reader import Access
from dashboards.metabase.server import Credentials, Server, reach, sign_in
from dashboards.metabase.site import Mailing, build
from dashboards.metabase.spec import Site
from dashboards.metabase.warehouse import Warehouse, connect


@dataclass(frozen=True)
class Target:
    """Which Metabase, who we are there, how it reaches the warehouse, and who gets mail."""

    client: Client
    credentials: Credentials
    access: Access
    mailing: Mailing | None = None
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Outcome:
    """What was done, or would be, and where the dashboards are."""

    report: Report
    links: dict[str, str] = field(default_factory=dict)


def publish(facts: Facts, target: Target, *, dry_run: bool = False) -> Outcome:
    """Bring Metabase to what the scorecard's definition says.

    Raises a MetabaseError; whatever was done before it stays, and the next run goes on from it.
    """
    site, publisher = build(facts, target.mailing), Publisher(target.client, dry_run=dry_run)
    server, properties = reach(target.client)
    if server.is_new and dry_run:
        _say_everything(publisher, site)
        return Outcome(publisher.report)
    sign_in(server, properties, target.credentials, facts.company.name)
    connect(publisher, Warehouse(target.access), target.sleep)
    _publish_content(publisher, site)
    publish_permissions(publisher, site.groups)
    if (site.weeklies or site.alerts) and not server.can_send_email:
        # Without a way to send them they would lie there unsent.
        raise EmailNotConfigured(
            "Everything is published but the subscriptions: Metabase can't send e-mail."
            " Set it up there (Admin, Settings, Email), or remove metabase.recipients."
        )
    publish_mail(publisher, server, site.weeklies, site.alerts)
    return Outcome(publisher.report, _links(server, publisher.ids, site))


def _publish_content(publisher: Publisher, site: Site) -> None:
    client, ids = publisher.client, publisher.ids
    questions, dashboards = Questions(client, ids), Dashboards(client, ids, site.by_key)
    publisher.publish(Collections(client, ids), site.collections)
    publisher.publish(questions, site.questions)
    publisher.publish(dashboards, site.dashboards)
    for raw in dashboards.unwanted({spec.key for spec in site.dashboards}):
        publisher.archive(dashboards, raw)
    for raw in questions.unwanted({spec.key for spec in site.questions}):
        publisher.archive(questions, raw)


def _say_everything(publisher: Publisher, site: Site) -> None:
    """Say what an empty Metabase would get: nothing can be asked of it before it has an account."""
    publisher.say("create", "administrator", "first account")
    publisher.say("create", "database", Warehouse.title)
    for kind, specs in (
        ("collection", site.collections),
        ("question", site.questions),
        ("dashboard", site.dashboards),
        ("group", site.groups),
        ("subscription", site.weeklies),
        ("alert", site.alerts),
    ):
        for spec in specs:
            publisher.say("create", kind, spec.title)


def _links(server: Server, ids: Ids, site: Site) -> dict[str, str]:
    found = {each.title: ids.of("dashboard", each.key) for each in site.dashboards}
    return {
        title: f"{server.site_url}/dashboard/{at}" for title, at in found.items() if at is not None
    }
