"""Risk: what happened to tickets of a real Request Tracker means something else here.

Debian's RT on an SQLite file, read by the token of a user who has the rights that the connector
asks for, and no more. It sends no mail.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingestion.sources import build
from ingestion.sources.rest.source import RestSource
from tests.fixtures.live_servers import Client, free_port, require, running
from tests.fixtures.vendor_api import basic

pytestmark = [pytest.mark.live, pytest.mark.postgres]

RT = Path("/usr/share/request-tracker5")
CONFIG = """
Set($rtname, 'live');
Set($Organization, 'live');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($WebPath, '');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{folder}/rt.db');
Set($SendmailPath, '/bin/true');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
Set($Timezone, 'UTC');
1;
"""
# What takes a browser otherwise: who may do what, given the groups, and a token, which is printed.
RIGHTS = """
use RT;
RT::LoadConfig();
RT::Init();
sub grant {
    my ($holder, $object, @rights) = @_;
    $holder->PrincipalObj->GrantRight(Right => $_, Object => $object) for @rights;
}
my $everyone = RT::Group->new(RT->SystemUser);
$everyone->LoadSystemInternalGroup('Everyone');
grant($everyone, RT->System, qw(CreateTicket ReplyToTicket));
my $reader = RT::User->new(RT->SystemUser);
$reader->Create(Name => 'reader', Privileged => 1);
grant($reader, RT->System, qw(SeeQueue ShowTicket ShowTicketComments AdminUsers));
for my $number (@ARGV) {
    my $group = RT::Group->new(RT->SystemUser);
    $group->Load($number);
    grant($reader, $group, qw(SeeGroup AdminGroupMembership));
}
my (undef, undef, $token) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $reader->Id);
print $token;
"""
MANY = """
use RT;
RT::LoadConfig();
RT::Init();
for my $number (1..105) {
    RT::Ticket->new(RT->SystemUser)->Create(Queue => 'General', _RecordTransaction => 0);
}
"""


@dataclass(frozen=True)
class Tracker:
    """A Request Tracker before it starts: its folder, its database, and how to run its programs."""

    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        return {
            "RT_SITE_CONFIG": str(self.folder / "RT_SiteConfig.pm"),
            "RT_SITE_CONFIG_DIR": str(self.folder / "more"),
        }

    def set_up(self) -> None:
        (self.folder / "more").mkdir()
        config = CONFIG.format(port=self.port, folder=self.folder)
        (self.folder / "RT_SiteConfig.pm").write_text(config)
        self.run("/usr/sbin/rt-setup-database-5", "--action", "init", "--skip-create")

    def perl(self, program: str, *given: str) -> str:
        return self.run("perl", "-I", str(RT / "lib"), "-e", program, *given)

    def run(self, *command: str) -> str:
        environment = {**os.environ, **self.environment}
        done = subprocess.run(
            command, env=environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@dataclass(frozen=True)
class Desk:
    """A running Request Tracker as its agent root and its customer Ann use it."""

    root: Client
    ann: Client

    def open(self, words: str) -> str:
        """Let Ann open a ticket."""
        given = {"Queue": "General", "Requestor": "ann", "Subject": words, "Content": words}
        return self.ann.call("POST", "/ticket", json=given)["id"]

    def change(self, ticket: str, **given: str) -> None:
        self.root.call("PUT", f"/ticket/{ticket}", json=given)

    def write(self, by: Client, ticket: str, words: str, how: str = "correspond") -> None:
        given = {"Content": words, "ContentType": "text/html" if "<" in words else "text/plain"}
        by.call("POST", f"/ticket/{ticket}/{how}", json=given)

    def number(self, user: str) -> str:
        return str(self.root.call("GET", f"/user/{user}")["id"])

    def group(self, name: str, *members: str) -> str:
        number = self.root.call("POST", "/group", json={"Name": name})["id"]
        self.root.call("PUT", f"/group/{number}/members", json=list(members))
        return number


@pytest.fixture
def tracker(tmp_path: Path) -> Tracker:
    require(RT, "make request-tracker installs it")
    tracker = Tracker(tmp_path, free_port())
    tracker.set_up()
    return tracker


@pytest.fixture
def desk(tracker: Tracker) -> Iterator[Desk]:
    listening = ["--host", "127.0.0.1", "--port", tracker.port]
    command = [RT / "libexec" / "rt-server", *listening]
    with running(command, tracker.port, tracker.folder, tracker.environment) as url:
        root, ann = (Client(f"{url}/REST/2.0", basic(name, "password")) for name in ("root", "ann"))
        given = {"Name": "ann", "EmailAddress": "ann@example.com", "Password": "password"}
        root.call("POST", "/user", json=given)
        yield Desk(root, ann)


@pytest.fixture
def source(tracker: Tracker, desk: Desk) -> RestSource:
    team = desk.group("Second line", desk.number("root"))
    agents = desk.group("Agents", team)
    section = {
        "kind": "request_tracker",
        "address": f"http://127.0.0.1:{tracker.port}",
        "token": tracker.perl(RIGHTS, agents, team),
        "agents_group": agents,
    }
    return build("desk", section, Path())


TICKETS = "select ticket_id, customer_id, status, agent_id, topic from raw.tickets order by 1::int"
MESSAGES = """
select ticket_id, author_id, direction, author_kind, is_internal, text
from raw.messages order by message_id::int
"""
EVENTS = "select ticket_id, event_type, agent_id from raw.ticket_events order by event_id::int"


def test_the_warehouse_follows_the_desk(desk: Desk, source: RestSource, warehouse):
    root, ann = desk.number("root"), desk.number("ann")
    broke, spam = desk.open("It broke."), desk.open("Spam")
    desk.change(broke, Owner="root")
    desk.write(desk.root, broke, "We look.")
    desk.write(desk.root, broke, "<p>Odd.</p>", how="comment")
    desk.change(broke, Status="stalled")

    warehouse.load(source)
    assert warehouse.rows(TICKETS) == [
        (broke, ann, "pending", root, "General"),
        (spam, ann, "open", None, "General"),
    ]
    said = [
        (broke, ann, "inbound", "customer", False, "It broke."),
        (spam, ann, "inbound", "customer", False, "Spam"),
        (broke, root, "outbound", "agent", False, "We look."),
        (broke, root, "outbound", "agent", True, "Odd."),
    ]
    assert warehouse.rows(MESSAGES) == said
    done = [(broke, "created", None), (spam, "created", None), (broke, "assigned", root)]
    assert warehouse.rows(EVENTS) == done
    assert warehouse.rows("select agent_id, team from raw.agents") == [(root, "Second line")]
    customers = "select customer_id, email, is_staff from raw.customers where email is not null"
    assert set(warehouse.rows(customers)) == {
        (ann, "ann@example.com", False),
        (root, "root@localhost", True),
    }

    desk.change(broke, Status="resolved")
    desk.write(desk.ann, broke, "Still broken.")
    desk.change(broke, Status="resolved")
    again = desk.open("Again.")
    desk.change(again, MergeInto=broke)
    desk.change(spam, Status="deleted")
    warehouse.load(source)
    assert warehouse.rows(TICKETS) == [
        (broke, ann, "solved", root, "General"),
        (again, ann, "merged", None, "General"),
    ]
    assert warehouse.rows(MESSAGES)[4:] == [
        (broke, ann, "inbound", "customer", False, "Still broken."),
        (again, ann, "inbound", "customer", False, "Again."),
    ]
    assert warehouse.rows(EVENTS)[3:] == [
        (broke, "solved", root),
        (broke, "reopened", None),
        (broke, "solved", root),
        (again, "created", None),
    ]


def test_more_tickets_than_a_page_are_all_read(
    tracker: Tracker, desk: Desk, source: RestSource, warehouse
):
    tracker.perl(MANY)
    warehouse.load(source)
    assert warehouse.rows("select count(*) from raw.tickets") == [(105,)]
