"""Risk: an export is mapped so that it loads, and means something else."""

import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ingestion.rows import Emptied, Reject
from ingestion.sources import build
from ingestion.sources.base import Extract
from ingestion.sources.files.drafting.document import written

Rows = dict[str, list[dict[str, Any]]]


def loaded(folder: Path, files: Mapping[str, str | list[dict[str, Any]]]) -> Rows:
    """Return the rows of each entity that the guessed mapping of some files loads, nulls left out.

    Nothing of them may be lost on the way.
    """
    for name, content in files.items():
        lines = content if isinstance(content, str) else "\n".join(map(json.dumps, content)) + "\n"
        (folder / name).write_text(lines, encoding="utf-8")
    document = tomllib.loads(written(folder, folder).text)
    rows: Rows = {}
    lost: list[Reject | Emptied] = []
    for name, section in document.get("sources", {}).items():
        for extract in build(name, section, folder).extract({}):
            found = rows.setdefault(extract.table.name, [])
            found += [_filled(row) for row in extract.batch.to_pylist()]
            lost += [*extract.rejects, *extract.emptied]
            assert not _taken_out(extract)
    assert lost == []
    return rows


def _taken_out(extract: Extract) -> list[Any]:
    """Return the keys of rows that a later row of the file takes out of the warehouse again."""
    if extract.leaving is None:
        return []
    names = extract.leaving.keys.column_names
    keys = [tuple(row[name] for name in names) for row in extract.batch.to_pylist()]
    leaving = zip(extract.leaving.keys.to_pylist(), extract.leaving.before.to_pylist(), strict=True)
    return [key for key, before in leaving if tuple(key.values()) in keys[:before]]


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a time in March 2024, UTC."""
    return datetime(2024, 3, day, hour, minute, tzinfo=UTC)


def test_zendesk_csv(tmp_path: Path):
    export = (
        "Summation column,Id,Requester,Requester id,Requester email,Assignee,Group,Subject,Status,"
        "Priority,Via,Ticket type,Created at,Updated at,Solved at,Satisfaction Score\n"
        "1,41,Ada,900,ada@x.example,Finn,Returns,Mug,Solved,Low,Mail,Incident,2024-03-01 09:15,"
        "2024-03-02 10:00,2024-03-02 10:00,Good\n"
        "1,42,Ben,901,ben@x.example,,Orders,Late,Hold,Low,Web form,Question,2024-03-03 11:00,"
        "2024-03-03 11:00,,Not Offered\n"
        "1,43,Cy,902,cy@x.example,Gil,Returns,Cup,Closed,Low,Chat,,2024-03-04 08:30,"
        "2024-03-05 08:30,2024-03-05 08:00,Offered\n"
    )
    assert loaded(tmp_path, {"tickets.csv": export}) == {
        "tickets": [
            {
                "ticket_id": "41",
                "customer_id": "900",
                "created_at": at(1, 9, 15),
                "solved_at": at(2, 10),
                "status": "solved",
                "kind": "other",
                "priority": "Low",
                "channel": "Mail",
                "topic": "Returns",
                "agent_id": "Finn",
            },
            {
                "ticket_id": "42",
                "customer_id": "901",
                "created_at": at(3, 11),
                "status": "pending",
                "kind": "question",
                "priority": "Low",
                "channel": "Web form",
                "topic": "Orders",
            },
            {
                "ticket_id": "43",
                "customer_id": "902",
                "created_at": at(4, 8, 30),
                "solved_at": at(5, 8),
                "status": "closed",
                "priority": "Low",
                "channel": "Chat",
                "topic": "Returns",
                "agent_id": "Gil",
            },
        ],
        # 42 was not asked, 43 was, and has not answered
        "satisfaction_ratings": [
            {
                "rating_id": "41",
                "ticket_id": "41",
                "customer_id": "900",
                "offered_at": at(2, 10),
                "rated_at": at(2, 10),
                "score": Decimal(1),
                "scale_max": 1,
                "agent_id": "Finn",
            },
            {
                "rating_id": "43",
                "ticket_id": "43",
                "customer_id": "902",
                "offered_at": at(5, 8, 30),
                "scale_max": 1,
                "agent_id": "Gil",
            },
        ],
    }


def test_zendesk_json(tmp_path: Path):
    ticket = {
        "id": 41,
        "requester_id": 900,
        "assignee_id": 7,
        "subject": "Mug",
        "status": "hold",
        "type": "question",
        "via": {"channel": "email"},
        "created_at": "2024-03-01T09:15:00Z",
        "updated_at": "2024-03-02T10:00:00Z",
        "satisfaction_rating": {"score": "bad"},
    }
    user = {
        "id": 900,
        "email": "ada@x.example",
        "phone": "+49301",
        "role": "end-user",
        "created_at": "2024-03-01T09:00:00Z",
    }
    assert loaded(tmp_path, {"tickets.jsonl": [ticket], "users.jsonl": [user]}) == {
        "customers": [
            {
                "customer_id": "900",
                "email": "ada@x.example",
                "phone": "+49301",
                "created_at": at(1, 9),
            }
        ],
        "tickets": [
            {
                "ticket_id": "41",
                "customer_id": "900",
                "created_at": at(1, 9, 15),
                "status": "pending",
                "kind": "question",
                "channel": "email",
                "agent_id": "7",
            }
        ],
        "satisfaction_ratings": [
            {
                "rating_id": "41",
                "ticket_id": "41",
                "customer_id": "900",
                "offered_at": at(2, 10),
                "rated_at": at(2, 10),
                "score": Decimal(0),
                "scale_max": 1,
                "agent_id": "7",
            }
        ],
    }


def test_zendesk_ratings_in_a_file_of_their_own_are_not_taken_from_tickets_too(tmp_path: Path):
    times = {"created_at": "2024-03-01T09:15:00Z", "updated_at": "2024-03-02T10:00:00Z"}
    ticket = {
        "id": 41,
        "requester_id": 900,
        "status": "solved",
        "satisfaction_rating": {"score": "good"},
        "metric_set": {"solved_at": "2024-03-02T09:00:00Z"},
        **times,
    }
    rating = {"id": 7, "ticket_id": 41, "requester_id": 900, "score": "good", **times}
    rows = loaded(tmp_path, {"tickets.jsonl": [ticket], "satisfaction_ratings.jsonl": [rating]})
    assert [row["rating_id"] for row in rows["satisfaction_ratings"]] == ["7"]
    assert [row["solved_at"] for row in rows["tickets"]] == [at(2, 9)]


def test_freshdesk_csv(tmp_path: Path):
    """The day stands first, which the second line alone tells."""
    export = (
        "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Resolved time,"
        "Last update time,Survey results,Product,Full name,Email,Contact ID\n"
        "7,Mug,Resolved,Low,Portal,Question,Finn,Front,01-03-2024 09:15,02-03-2024 10:00,"
        "03-03-2024 10:00,Unhappy,Mugs,Ada,ada@x.example,900\n"
        "8,Late,Waiting on Customer,Low,Email,Lost parcel,No Agent,Front,14-03-2024 11:00,,"
        "14-03-2024 11:00,,Mugs,Ben,ben@x.example,901\n"
    )
    shared = {"brand": "Mugs", "topic": "Front", "priority": "Low"}
    assert loaded(tmp_path, {"tickets.csv": export}) == {
        "tickets": [
            {
                "ticket_id": "7",
                "customer_id": "900",
                "created_at": at(1, 9, 15),
                "solved_at": at(2, 10),
                "status": "solved",
                "kind": "question",
                "channel": "Portal",
                "agent_id": "Finn",
                **shared,
            },
            {
                "ticket_id": "8",
                "customer_id": "901",
                "created_at": at(14, 11),
                "status": "pending",
                "kind": "other",
                "channel": "Email",
                **shared,
            },
        ],
        "satisfaction_ratings": [
            {
                "rating_id": "7",
                "ticket_id": "7",
                "customer_id": "900",
                "rated_at": at(3, 10),
                "score": Decimal(0),
                "scale_max": 1,
                "agent_id": "Finn",
            }
        ],
    }


def test_freshdesk_json(tmp_path: Path):
    def ticket(number: int, **fields: Any) -> dict[str, Any]:
        times = {"created_at": "2024-03-01T09:15:00Z", "updated_at": "2024-03-01T09:15:00Z"}
        stats = {"resolved_at": "2024-03-02T09:00:00Z" if fields["status"] == 5 else None}
        own = {"id": number, "requester_id": 500, "spam": False, "stats": stats}
        return {**own, **times, **fields}

    def message(number: int, **fields: Any) -> dict[str, Any]:
        times = {"created_at": "2024-03-01T09:15:00Z"}
        return {"id": number, "ticket_id": 1, "body_text": "x", **times, **fields}

    tickets = [
        ticket(1, status=5, source=2, responder_id=20),
        ticket(2, status=2, source=1, responder_id=None),
        ticket(3, status=2, source=1, responder_id=None, spam=True),
    ]
    messages = [
        message(11, incoming=True, private=False, user_id=500),
        message(12, incoming=False, private=True, user_id=20),
    ]
    rows = loaded(tmp_path, {"tickets.jsonl": tickets, "conversations.jsonl": messages})
    both = {"customer_id": "500", "created_at": at(1, 9, 15)}
    assert rows["tickets"] == [
        {
            "ticket_id": "1",
            "solved_at": at(2, 9),
            "status": "closed",
            "channel": "portal",
            "agent_id": "20",
            **both,
        },
        {"ticket_id": "2", "status": "open", "channel": "email", **both},
    ]
    common = {"ticket_id": "1", "sent_at": at(1, 9, 15), "is_public": False, "text": "x"}
    assert rows["messages"] == [
        {
            "message_id": "11",
            "direction": "inbound",
            "author_id": "500",
            "is_internal": False,
            **common,
        },
        {
            "message_id": "12",
            "direction": "outbound",
            "author_id": "20",
            "is_internal": True,
            **common,
        },
    ]


def test_hubspot_csv(tmp_path: Path):
    export = (
        "Ticket ID,Ticket name,Pipeline,Ticket status,Create date,Priority,Ticket owner,Source,"
        "Close date,Category,Associated Contact IDs\n"
        "70,Mug,Support,Closed,2024-03-01 09:15,HIGH,Finn,EMAIL,2024-03-02 10:00,Returns,900\n"
        "71,Late,Support,Waiting on contact,2024-03-03 11:00,,,CHAT,,Orders,901\n"
    )
    assert loaded(tmp_path, {"hubspot-crm-exports-tickets.csv": export}) == {
        "tickets": [
            {
                "ticket_id": "70",
                "customer_id": "900",
                "created_at": at(1, 9, 15),
                "solved_at": at(2, 10),
                "status": "closed",
                "priority": "HIGH",
                "channel": "EMAIL",
                "topic": "Returns",
                "agent_id": "Finn",
            },
            {
                "ticket_id": "71",
                "customer_id": "901",
                "created_at": at(3, 11),
                "status": "pending",
                "channel": "CHAT",
                "topic": "Orders",
            },
        ]
    }


def test_hubspot_json(tmp_path: Path):
    def ticket(number: str, **properties: Any) -> dict[str, Any]:
        times = {"createdAt": "2024-03-01T09:15:00Z", "updatedAt": "2024-03-02T10:00:00Z"}
        return {"id": number, "properties": properties, **times, "archived": number == "72"}

    tickets = [
        ticket("70", hs_pipeline_stage="4", closed_date="2024-03-02T10:00:00Z"),
        ticket("71", hs_pipeline_stage="3", hubspot_owner_id="7"),
        ticket("72", hs_pipeline_stage="1"),
    ]
    assert loaded(tmp_path, {"tickets.jsonl": tickets})["tickets"] == [
        {
            "ticket_id": "70",
            "created_at": at(1, 9, 15),
            "solved_at": at(2, 10),
            "status": "closed",
        },
        {"ticket_id": "71", "created_at": at(1, 9, 15), "status": "open", "agent_id": "7"},
    ]


def test_zammad(tmp_path: Path):
    tickets = (
        "id,group,priority,state,number,title,owner,customer,customer_id,close_at,last_close_at,"
        "created_at,updated_at\n"
        "5,Users,2 normal,closed,96005,Mug,finn@x.example,ada@x.example,900,"
        "2024-03-01T10:00:00.000Z,2024-03-02T10:00:00.000Z,2024-03-01T09:15:00.000Z,2024-03-02T10:00:00.000Z\n"
        "6,Users,2 normal,pending reminder,96006,Late,-,ben@x.example,901,,,"
        "2024-03-03T11:00:00.000Z,2024-03-03T11:00:00.000Z\n"
    )
    articles = (
        "id,ticket_id,type,sender,from,to,subject,body,internal,created_by_id,created_at\n"
        "1,5,email,Customer,ada,x,Mug,It broke,false,900,2024-03-01T09:15:00.000Z\n"
        "2,5,note,Agent,x,,,Call her,true,3,2024-03-01T09:25:00.000Z\n"
        "3,5,email,System,x,,,We got it,false,1,2024-03-01T09:15:01.000Z\n"
    )
    rows = loaded(tmp_path, {"tickets.csv": tickets, "ticket_articles.csv": articles})
    assert rows["tickets"] == [
        {
            "ticket_id": "5",
            "customer_id": "900",
            "created_at": at(1, 9, 15),
            "solved_at": at(2, 10),
            "status": "closed",
            "priority": "2 normal",
            "topic": "Users",
            "agent_id": "finn@x.example",
        },
        {
            "ticket_id": "6",
            "customer_id": "901",
            "created_at": at(3, 11),
            "status": "pending",
            "priority": "2 normal",
            "topic": "Users",
        },
    ]
    assert [
        (row["author_kind"], row["direction"], row["is_internal"], row["text"])
        for row in rows["messages"]
    ] == [
        ("customer", "inbound", False, "It broke"),
        ("agent", "outbound", True, "Call her"),
        ("bot", "outbound", False, "We got it"),
    ]


def test_osticket(tmp_path: Path):
    """The month stands first in all times, which the second line's creation alone tells."""
    export = (
        "Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic,Source,"
        "Current Status,Last Updated,Closed Date,Overdue,Agent Assigned\n"
        "100001,03/01/2024 09:15:00,Mug,Ada,ada@x.example,Normal,Support,Returns,Email,Closed,"
        "03/02/2024 10:00:00,03/02/2024 10:00:00,No,Finn\n"
        "100002,03/14/2024 11:00:00,Late,Ben,ben@x.example,Normal,Support,Orders,Web,Open,"
        "03/14/2024 11:00:00,,No,\n"
    )
    assert loaded(tmp_path, {"Tickets - 20240315.csv": export}) == {
        "tickets": [
            {
                "ticket_id": "100001",
                "customer_id": "ada@x.example",
                "created_at": at(1, 9, 15),
                "solved_at": at(2, 10),
                "status": "closed",
                "priority": "Normal",
                "channel": "Email",
                "topic": "Returns",
                "agent_id": "Finn",
            },
            {
                "ticket_id": "100002",
                "customer_id": "ben@x.example",
                "created_at": at(14, 11),
                "status": "open",
                "priority": "Normal",
                "channel": "Web",
                "topic": "Orders",
            },
        ]
    }


def test_intercom(tmp_path: Path):
    """A conversation has a row for each of its states; a part may be a message, an event, both."""
    conversations = (
        "id,updated_at,assignee_id,conversation_rating_created_at,conversation_rating_value,"
        "created_at,source_author_id,source_type,state\n"
        "1,2024-03-01 09:15:00,7,,,2024-03-01 09:15:00,900,email,open\n"
        "1,2024-03-02 10:00:00,7,2024-03-02 10:00:00,4,2024-03-01 09:15:00,900,email,closed\n"
        "2,2024-03-03 11:00:00,7,,,2024-03-03 11:00:00,901,email,snoozed\n"
    )
    parts = (
        "id,updated_at,author_id,author_type,conversation_id,created_at,part_type,body\n"
        "11,2024-03-01 09:20:00,7,admin,1,2024-03-01 09:20:00,comment,Sorry\n"
        "12,2024-03-01 09:21:00,900,user,1,2024-03-01 09:21:00,comment,Thanks\n"
        "13,2024-03-01 09:22:00,7,admin,1,2024-03-01 09:22:00,note,Call her\n"
        "14,2024-03-02 10:00:00,7,admin,1,2024-03-02 10:00:00,close,\n"
    )
    contacts = (
        "id,updated_at,created_at,email,phone,role\n"
        "900,2024-03-01 09:00:00,2024-03-01 09:00:00,ada@x.example,,user\n"
    )
    rows = loaded(
        tmp_path,
        {
            "conversation_history.csv": conversations,
            "conversation_part_history.csv": parts,
            "contact_history.csv": contacts,
        },
    )
    assert rows["customers"] == [
        {"customer_id": "900", "email": "ada@x.example", "created_at": at(1, 9)}
    ]
    assert [(row["ticket_id"], row["customer_id"], row["status"]) for row in rows["tickets"]] == [
        ("1", "900", "closed"),
        ("2", "901", "pending"),
    ]
    assert rows["satisfaction_ratings"] == [
        {
            "rating_id": "1",
            "ticket_id": "1",
            "customer_id": "900",
            "rated_at": at(2, 10),
            "score": Decimal(4),
            "scale_max": 5,
            "agent_id": "7",
        }
    ]
    assert rows["ticket_events"] == [
        {
            "event_id": "14",
            "ticket_id": "1",
            "event_type": "closed",
            "occurred_at": at(2, 10),
        }
    ]
    assert [
        (row["message_id"], row["direction"], row["is_internal"]) for row in rows["messages"]
    ] == [("11", "outbound", False), ("12", "inbound", False), ("13", "outbound", True)]


def test_shopify_csv(tmp_path: Path):
    """An order's further lines have no total; orders know customers by their e-mail alone.

    Of a paid order the time of its cancelling alone says that it was cancelled.
    """
    orders = (
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,"
        "Lineitem name,Cancelled at,Refunded Amount,Vendor,Id,Source\n"
        "#1001,ada@x.example,paid,2024-03-01 09:16:00 +0100,USD,45.00,49.90,"
        "2024-03-01 10:15:00 +0100,1,Mug,,0.00,Alder,5001,web\n"
        "#1001,ada@x.example,,,,,,2024-03-01 10:15:00 +0100,2,Cup,,,Alder,,\n"
        "#1002,ben@x.example,paid,,USD,120.00,120.00,2024-03-02 11:00:00 +0100,1,Lamp,"
        "2024-03-02 12:00:00 +0100,30.00,Alder,5002,pos\n"
    )
    customers = (
        "Customer ID,First Name,Email,Accepts Email Marketing,Default Address Phone,Total Spent\n"
        "77,Ada,ada@x.example,yes,+49301,49.90\n"
        "78,Ben,ben@x.example,no,,120.00\n"
    )
    files = {"orders_export.csv": orders, "customers_export.csv": customers}
    assert loaded(tmp_path, files) == {
        "customers": [
            {"customer_id": "ada@x.example", "email": "ada@x.example", "phone": "+49301"},
            {"customer_id": "ben@x.example", "email": "ben@x.example"},
        ],
        "orders": [
            {
                "order_id": "#1001",
                "customer_id": "ada@x.example",
                "ordered_at": at(1, 9, 15),
                "gross_amount": Decimal("49.90"),
                "refunded_amount": Decimal(0),
                "currency": "USD",
                "status": "completed",
                "channel": "web",
            },
            {
                "order_id": "#1002",
                "customer_id": "ben@x.example",
                "ordered_at": at(2, 10),
                "gross_amount": Decimal(120),
                "refunded_amount": Decimal(30),
                "currency": "USD",
                "status": "cancelled",
                "channel": "pos",
            },
        ],
    }


def test_shopify_json(tmp_path: Path):
    def order(number: int, *, test: bool) -> dict[str, Any]:
        return {
            "id": number,
            "name": f"#{number}",
            "created_at": "2024-03-01T10:15:00+01:00",
            "updated_at": "2024-03-01T10:15:00+01:00",
            "total_price": "49.90",
            "current_total_price": "40.00",
            "currency": "USD",
            "financial_status": "partially_refunded",
            "source_name": "web",
            "test": test,
            "customer": {"id": 77, "email": "ada@x.example"},
            "line_items": [{"id": 1}],
        }

    orders = [order(1, test=False), order(2, test=True)]
    assert loaded(tmp_path, {"orders.jsonl": orders}) == {
        "orders": [
            {
                "order_id": "#1",
                "customer_id": "77",
                "ordered_at": at(1, 9, 15),
                "gross_amount": Decimal(40),
                "currency": "USD",
                "status": "completed",
                "channel": "web",
            }
        ]
    }


def test_refunds_in_a_file_of_their_own_are_not_taken_off_twice(tmp_path: Path):
    times = {"created_at": "2024-03-01T10:15:00Z"}
    order = {"id": 1, "total_price": "49.90", "current_total_price": "40.00", **times}
    refund = {"id": 9, "order_id": 1, "amount": "9.90", **times}
    rows = loaded(tmp_path, {"orders.jsonl": [order], "refunds.jsonl": [refund]})
    assert [row["gross_amount"] for row in rows["orders"]] == [Decimal("49.90")]
    assert [row["amount"] for row in rows["refunds"]] == [Decimal("9.90")]


def test_mailchimp(tmp_path: Path):
    campaigns = (
        "Title,Subject,List,Send Date,Total Recipients,Unique Opens,Unique Id\n"
        'Spring,Spring is here,All,"Mar 01, 2024 09:30 am",100,40,c1a\n'
    )
    audience = (
        "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,LEID\n"
        "ada@x.example,Ada,2,2024-03-01 09:15:00,1\n"
    )
    assert loaded(tmp_path, {"campaigns.csv": campaigns, "audience_export.csv": audience}) == {
        "customers": [
            {
                "customer_id": "ada@x.example",
                "email": "ada@x.example",
                "created_at": at(1, 9, 15),
            }
        ],
        "campaigns": [{"campaign_id": "c1a", "name": "Spring", "starts_on": date(2024, 3, 1)}],
    }


def test_mailchimps_activity_is_one_send_whatever_came_of_it(tmp_path: Path):
    """The newest stands first, so that a bounce is read before the send that it takes back."""
    activity = (
        "campaign_id,email_address,action,timestamp,title\n"
        "c1a,ada@x.example,click,2024-03-01T11:30:00+00:00,Spring\n"
        "c1a,ben@x.example,bounce,2024-03-01T09:31:00+00:00,Spring\n"
        "c1a,ada@x.example,sent,2024-03-01T09:30:00+00:00,Spring\n"
        "c1a,ben@x.example,sent,2024-03-01T09:30:00+00:00,Spring\n"
    )
    (ben, ada) = loaded(tmp_path, {"member_activity.csv": activity})["campaign_touches"]
    sent = {"campaign_id": "c1a", "sent_at": at(1, 9, 30)}
    keys = {"touch_id": "c1a:ada@x.example", "customer_id": "ada@x.example"}
    assert ada == {**keys, **sent}
    keys = {"touch_id": "c1a:ben@x.example", "customer_id": "ben@x.example"}
    assert ben == {**keys, **sent, "status": "bounced"}


def test_klaviyo(tmp_path: Path):
    events = (
        "event_id,datetime,profile_id,email,campaign_id,campaign_name,event\n"
        "x1,2024-03-01T09:15:00+00:00,p1,ada@x.example,k1,Spring,Received Email\n"
        "x2,2024-03-01T09:30:00+00:00,p2,ben@x.example,k1,Spring,Bounced Email\n"
        "x3,2024-03-01T09:40:00+00:00,p1,ada@x.example,k1,Spring,Opened Email\n"
    )
    profiles = "Klaviyo ID,Email\np1,ada@x.example\n"
    assert loaded(tmp_path, {"events.csv": events, "profiles.csv": profiles}) == {
        "customers": [{"customer_id": "p1", "email": "ada@x.example"}],
        "campaign_touches": [
            {
                "touch_id": "x1",
                "campaign_id": "k1",
                "customer_id": "p1",
                "sent_at": at(1, 9, 15),
                "status": "delivered",
            },
            {
                "touch_id": "x2",
                "campaign_id": "k1",
                "customer_id": "p2",
                "sent_at": at(1, 9, 30),
                "status": "bounced",
            },
        ],
    }


def test_an_advertising_report(tmp_path: Path):
    report = "Campaign,Day,Impr.,Clicks,Reach,Cost\nk1,2024-03-01,900,9,700,120.50\n"
    assert loaded(tmp_path, {"ads.csv": report}) == {
        "ad_days": [
            {
                "campaign_id": "k1",
                "channel": "ads",
                "ad_date": date(2024, 3, 1),
                "impressions": 900,
                "clicks": 9,
                "reach": 700,
                "spend": Decimal("120.5"),
            }
        ]
    }


def test_costs_that_nobody_saw_are_no_days_of_ads(tmp_path: Path):
    costs = "campaign_id,date,spend\nk1,2024-03-01,120.50\n"
    assert loaded(tmp_path, {"costs.csv": costs}) == {
        "campaign_costs": [
            {
                "campaign_id": "k1",
                "channel": "ads",
                "cost_kind": "media",
                "cost_date": date(2024, 3, 1),
                "amount": Decimal("120.5"),
            }
        ]
    }


def test_who_unsubscribed_or_was_held_back_is_read_of_a_send(tmp_path: Path):
    sends = (
        "send_id,campaign_id,customer_id,sent_at,status,unsubscribed,holdout\n"
        "1,k1,p1,2024-03-01T09:00:00Z,opened,true,false\n"
        "2,k1,p2,2024-03-01T09:00:00Z,,false,true\n"
    )
    first, second = loaded(tmp_path, {"sends.csv": sends})["campaign_touches"]
    assert (first["is_unsubscribed"], first["is_control"]) == (True, False)
    assert (second["is_unsubscribed"], second["is_control"]) == (False, True)


def test_a_promised_delivery_is_read_beside_the_real_one(tmp_path: Path):
    orders = (
        "order_id,customer_id,ordered_at,total,estimated_delivery_date,delivered_at\n"
        "1,p1,2024-03-01T09:00:00Z,20,2024-03-03T00:00:00Z,2024-03-04T09:00:00Z\n"
    )
    (order,) = loaded(tmp_path, {"orders.csv": orders})["orders"]
    assert (order["promised_at"], order["delivered_at"]) == (at(3, 0), at(4, 9))


def test_how_often_a_post_was_shown_is_read_with_what_came_of_it(tmp_path: Path):
    posts = (
        "message_id,sent_at,direction,is_public,text,likes,shares,comments_count,views\n"
        "1,2024-03-01T09:00:00Z,outbound,true,We are open,31,4,2,870\n"
    )
    (post,) = loaded(tmp_path, {"messages.csv": posts})["messages"]
    counts = [post[name] for name in ("likes", "reposts", "replies", "impressions")]
    assert (post["is_public"], counts) == (True, [31, 4, 2, 870])
