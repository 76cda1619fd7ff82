"""Publishing the scorecard to Metabase: every kind of object in the order of who needs whom.

Runs as often as one likes: what is as it should be is left alone, what was cut off is completed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from dashboards.metabase.client import Client
from dashboards.metabase.errors import EmailNotConfigured
from dashboards.metabase.facts import Facts
from dashboards.metabase.keeper import Action, Keeper, Report
from dashboards.metabase.kinds.alerts import Notifications, OldAlerts
from dashboards.metabase.kinds.boards import Boards
from dashboards.metabase.kinds.cards import Cards
from dashboards.metabase.kinds.database import Databases, Warehouse
from dashboards.metabase.kinds.folders import Folders
from dashboards.metabase.kinds.groups import Groups
from dashboards.metabase.kinds.permissions import CollectionRights, Rights, WarehouseRights
from dashboards.metabase.kinds.placed import PlacedThings
from dashboards.metabase.kinds.subscriptions import Subscriptions
from dashboards.metabase.ledger import open_ledger
from dashboards.metabase.reader import Access
from dashboards.metabase.server import Credentials, Server, reach, sign_in
from dashboards.metabase.site import Mailing, build
from dashboards.metabase.spec import Site


@dataclass(frozen=True)
class Target:
    """Which Metabase, who we are there, how it reaches the warehouse, and who gets mail."""

    client: Client
    credentials: Credentials
    access: Access
    mailing: Mailing | None = None
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Mode:
    """`dry_run` writes nothing; `force` puts back what people changed."""

    dry_run: bool = False
    force: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was done, or would be, and where the dashboards are."""

    report: Report
    links: dict[str, str] = field(default_factory=dict)


def publish(url: str, facts: Facts, target: Target, mode: Mode | None = None) -> Outcome:
    """Bring Metabase to what the scorecard's definition says; `url` is the warehouse owner's.

    Raises a MetabaseError; whatever was done before it stays, and the next run goes on from it.
    """
    mode = mode or Mode()
    site = build(facts, target.mailing)
    server, properties = reach(target.client)
    with open_ledger(url, target.client.url, is_open=not mode.dry_run) as ledger:
        if server.is_new and mode.dry_run:
            return Outcome(_everything(site))
        sign_in(server, properties, target.credentials, facts.company.name)
        keeper = Keeper(server.places, ledger, dry_run=mode.dry_run, force=mode.force)
        _Publisher(server, keeper, site, target, mode).run()
    return Outcome(keeper.report, _links(server, site))


class _Publisher:
    """One run."""

    def __init__(
        self, server: Server, keeper: Keeper, site: Site, target: Target, mode: Mode
    ) -> None:
        self._server = server
        self._keeper = keeper
        self._site = site
        self._target = target
        self._mode = mode

    def run(self) -> None:
        warehouse = Warehouse(self._target.access)
        self._connect(warehouse)
        self._keep_objects(warehouse)
        self._keep_rights(warehouse)
        self._keep_mail()

    def _connect(self, warehouse: Warehouse) -> None:
        databases = Databases(self._server, self._target.sleep)
        self._keeper.keep(databases, [warehouse])
        at = self._server.places.id_of(databases.name, warehouse.key)
        if at is None or self._mode.dry_run:
            return
        if databases.is_out_of_reach(at) is not None:
            databases.send_password(warehouse, at)
            action = Action("update", databases.name, warehouse.title, ("password",))
            self._keeper.report.actions.append(action)
        if not databases.is_synced(at):
            databases.sync(at)

    def _keep_objects(self, warehouse: Warehouse) -> None:
        site = self._site
        cards = Cards(self._server, warehouse.key)
        boards = Boards(self._server, PlacedThings(self._server.places, site.by_key))
        self._keeper.keep(Folders(self._server), site.folders)
        self._keeper.keep(cards, site.questions)
        self._keeper.keep(boards, site.boards)
        self._keeper.retire(boards, site.boards)
        self._keeper.retire(cards, site.questions)

    def _keep_rights(self, warehouse: Warehouse) -> None:
        """Set rights last: making a collection changes the graph that they are in."""
        places, groups = self._server.places, Groups(self._server)
        self._keeper.keep(groups, self._site.groups)
        folders = {it.key: places.id_of("collection", it.key) for it in self._site.folders}
        databases = {warehouse.title: places.id_of("database", warehouse.key)}
        everybody = groups.everybody()
        for kind, targets in (
            (CollectionRights(self._server), folders),
            (WarehouseRights(self._server), databases),
        ):
            known = {title: at for title, at in targets.items() if at is not None}
            rights = Rights("rights", kind.name, self._site.groups, everybody, known)
            self._keeper.keep(kind, [rights])

    def _keep_mail(self) -> None:
        """Keep subscriptions and alerts; without a way to send them they would lie there unsent."""
        site, alerts = self._site, self._alerts()
        weeklies = Subscriptions(self._server)
        is_wanted = bool(site.weeklies or site.alerts)
        if is_wanted and not self._server.can_send_email:
            raise EmailNotConfigured(
                "Everything is published but the subscriptions: Metabase can't send e-mail."
                " Set it up there (Admin, Settings, Email), or remove metabase.recipients."
            )
        self._keeper.keep(weeklies, site.weeklies)
        self._keeper.keep(alerts, site.alerts)
        self._keeper.retire(weeklies, site.weeklies)
        self._keeper.retire(alerts, site.alerts)

    def _alerts(self) -> Notifications | OldAlerts:
        return (Notifications if self._server.has_notifications else OldAlerts)(self._server)


def _everything(site: Site) -> Report:
    """Say what an empty Metabase would get: nothing can be asked of it before it has an account."""
    named = [("administrator", "first account"), ("database", Warehouse.title)]
    named += [("collection", it.title) for it in site.folders]
    named += [("question", it.title) for it in site.questions]
    named += [("dashboard", it.title) for it in site.boards]
    named += [("group", it.title) for it in site.groups]
    named += [("subscription", it.title) for it in site.weeklies]
    named += [("alert", it.title) for it in site.alerts]
    return Report([Action("create", kind, title) for kind, title in named])


def _links(server: Server, site: Site) -> dict[str, str]:
    found = {it.title: server.places.id_of("dashboard", it.key) for it in site.boards}
    return {
        title: f"{server.site_url}/dashboard/{at}" for title, at in found.items() if at is not None
    }
