"""The simulated desk: the part of Zendesk's API that its connector reads.

Exports by cursor and by time, and short lists. Unlike Zendesk's the exports reach up to the
simulated moment, so that the desk shows what the other systems show.
"""

import base64
from urllib.parse import urlencode

from ingestion.demo.company import Company
from ingestion.demo.servers.desk import BRAND_LIST, GROUPS, Desk, Export, Json
from ingestion.demo.servers.http import Answer, Api, Request

LARGEST_PAGE = 1_000
YOUNGEST_START = 60
NAME, TOKEN = "admin@alderwren.example.com/token", "demo-desk"
SIGNED = "Basic " + base64.b64encode(f"{NAME}:{TOKEN}".encode()).decode()
UNKNOWN_CREDENTIALS = Answer({"error": "Couldn't authenticate you"}, 401)
NO_START = Answer({"error": "InvalidStartTime", "description": "start_time is no Unix time"}, 400)
TOO_RECENT = Answer({"error": "StartTimeTooRecent", "description": "it was not a minute ago"}, 400)


class Zendesk(Api):
    """The desk's API."""

    def __init__(self, company: Company) -> None:
        self.desk = Desk(company)
        self.now = company.clock.as_of

    def answer(self, request: Request) -> Answer:
        """Answer a request of the administrator's token, and nobody else's."""
        is_signed = request.headers.get("Authorization") == SIGNED
        return super().answer(request) if is_signed else UNKNOWN_CREDENTIALS

    def ticket_export(self, request: Request) -> Answer:
        """Answer with tickets from a time or a cursor on."""
        return self._by_cursor(request, "tickets", self.desk.tickets)

    def user_export(self, request: Request) -> Answer:
        """Answer with users from a time or a cursor on."""
        return self._by_cursor(request, "users", self.desk.users)

    def event_export(self, request: Request) -> Answer:
        """Answer with updates of tickets; what ends one page begins the next."""
        export = self.desk.updates
        if refusal := self._refusal(request):
            return refusal
        begin = int(request.query["start_time"])
        start, count = export.since(begin), len(export.at)
        # Many updates of one second are one page: else the next one would begin where this does.
        next_second = export.since(int(export.at[start]) + 1) if start < count else count
        end = min(max(start + LARGEST_PAGE, next_second + 1), count)
        found = [export.make(row) for row in range(start, end)]
        if request.query.get("include") != "comment_events":
            found = [_without_comments(each) for each in found]
        end_time = found[-1]["timestamp"] if found else begin
        return Answer({"ticket_events": found, "end_time": end_time, "end_of_stream": end == count})

    def user_list(self, request: Request) -> Answer:
        """Answer with the staff, the only users that are asked for by role."""
        return _listed("users", self.desk.staff)

    def group_list(self, request: Request) -> Answer:
        """Answer with the groups."""
        return _listed("groups", GROUPS)

    def brand_list(self, request: Request) -> Answer:
        """Answer with the brands."""
        return _listed("brands", BRAND_LIST)

    def _by_cursor(self, request: Request, name: str, export: Export) -> Answer:
        query = request.query
        if "cursor" in query:
            start = int(query["cursor"])
        elif refusal := self._refusal(request):
            return refusal
        else:
            start = export.since(int(query["start_time"]))
        size = min(int(query.get("per_page", LARGEST_PAGE)), LARGEST_PAGE)
        end = min(start + size, len(export.at))
        after = urlencode({"cursor": end, "per_page": size})
        return Answer(
            {
                name: [export.make(row) for row in range(start, end)],
                "after_url": f"{request.base_url}{request.path}?{after}",
                "after_cursor": str(end),
                "end_of_stream": end == len(export.at),
            }
        )

    def _refusal(self, request: Request) -> Answer | None:
        """Return why an export can't begin where a request says."""
        begin = request.query.get("start_time", "")
        if not begin.isdecimal():
            return NO_START
        return TOO_RECENT if int(begin) > self.now - YOUNGEST_START else None

    ROUTES = (
        (r"/api/v2/incremental/tickets/cursor", ticket_export),
        (r"/api/v2/incremental/users/cursor", user_export),
        (r"/api/v2/incremental/ticket_events", event_export),
        (r"/api/v2/users", user_list),
        (r"/api/v2/groups", group_list),
        (r"/api/v2/brands", brand_list),
    )


def _listed(name: str, found: list[Json]) -> Answer:
    """Answer with a list that fits on one page."""
    return Answer({name: found, "meta": {"has_more": False, "after_cursor": None}})


def _without_comments(update: Json) -> Json:
    children = [each for each in update["child_events"] if each["event_type"] != "Comment"]
    return {**update, "child_events": children}
