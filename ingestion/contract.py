"""The canonical entities that every source maps to.

This is the one place that says which entities Concord knows, which columns they have, in
which type and unit, and by which key a row is the same row again. Raw tables of the files
source, the staging models and docs/sources.md all follow it. How a source reaches these
columns does not belong here.

Every raw table carries four columns beside those listed: `source_name` (as configured),
`loaded_at` (UTC, moves only when the row's content changed), `load_id` and `row_hash`.
A row's identity is `source_name` + the entity's key.
"""

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """Column types, as PostgreSQL and Arrow both know them."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True)
class Column:
    """One column of an entity; a timestamp is always UTC, an amount always in major units."""

    name: str
    type: Type = Type.TEXT
    description: str = ""
    required: bool = False
    unit: str | None = None
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Entity:
    """One canonical entity: one row per `key` within a source."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError if the entity has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _key(name: str, description: str) -> Column:
    return Column(name, Type.TEXT, description, required=True)


def _text(name: str, description: str, **limits) -> Column:
    return Column(name, Type.TEXT, description, **limits)


def _time(name: str, description: str, **limits) -> Column:
    return Column(name, Type.TIMESTAMP, description, unit="UTC", **limits)


def _amount(name: str, description: str, **limits) -> Column:
    return Column(name, Type.DECIMAL, description, unit="currency", **limits)


def _count(name: str, description: str, **limits) -> Column:
    return Column(name, Type.INTEGER, description, unit="count", **limits)


def _flag(name: str, description: str, **limits) -> Column:
    return Column(name, Type.BOOLEAN, description, **limits)


def _date(name: str, description: str, **limits) -> Column:
    return Column(name, Type.DATE, description, unit="date", **limits)


_ENTITIES = (
    Entity(
        "customers",
        "one row per customer record of a source",
        ("customer_id",),
        (
            _key("customer_id", "The source's own id of the customer"),
            _text("email", "E-mail address; used only to recognise the person"),
            _text("phone", "Phone number, E.164 where the source has it"),
            Column("birth_year", Type.INTEGER, "Year of birth", minimum=1900, maximum=2026),
            _text("generation", "Generation or age band, where the source has no year of birth"),
            _time("created_at", "When the source first knew the customer"),
            _flag("is_staff", "An employee's record: excluded from every metric"),
            _flag("is_test", "A test record: excluded from every metric"),
        ),
    ),
    Entity(
        "customer_identities",
        "one row per identifier of a customer record",
        ("customer_id", "identity_type", "identity_value"),
        (
            _key("customer_id", "The source's own id of the customer"),
            _text(
                "identity_type",
                "Kind of identifier: email, phone, a network's name for a handle on it, or the "
                "name of another source for the customer's id there",
                required=True,
            ),
            _text("identity_value", "The identifier itself", required=True),
        ),
    ),
    Entity(
        "orders",
        "one row per order",
        ("order_id",),
        (
            _key("order_id", "The source's own id of the order"),
            _text("customer_id", "Who ordered; empty for a guest"),
            _time("ordered_at", "When the order was placed", required=True),
            _amount("gross_amount", "Paid amount before refunds", required=True),
            _amount("refunded_amount", "Refunded so far, as a positive number", minimum=0),
            _amount("margin_amount", "Gross margin of the order before refunds"),
            _text("currency", "ISO 4217; empty means the company's currency"),
            _text(
                "status",
                "What became of it; cancelled and test orders count nowhere",
                values=("completed", "cancelled", "refunded", "test"),
            ),
            _text("channel", "Where it was sold: web, store, app, phone"),
            _text("brand", "The brand that sold it"),
            _text("campaign_id", "The campaign whose coupon, code or link the order carries"),
            _text("referrer_customer_id", "The customer who referred this buyer"),
        ),
    ),
    Entity(
        "order_lines",
        "one row per line of an order",
        ("order_id", "line_id"),
        (
            _key("order_id", "The order"),
            _key("line_id", "The line within the order"),
            _text("product_id", "What was sold"),
            Column("quantity", Type.DECIMAL, "Pieces; negative for a return", unit="pieces"),
            _amount("amount", "Amount of the line; negative for a return"),
        ),
    ),
    Entity(
        "exchange_rates",
        "one row per currency and day",
        ("currency", "rate_date"),
        (
            _key("currency", "ISO 4217"),
            _date("rate_date", "The day", required=True),
            Column(
                "rate",
                Type.DECIMAL,
                "Company currency for one unit of this currency",
                required=True,
                unit="ratio",
                minimum=0,
            ),
        ),
    ),
    Entity(
        "tickets",
        "one row per service ticket",
        ("ticket_id",),
        (
            _key("ticket_id", "The source's own id of the ticket"),
            _text("customer_id", "Who asked"),
            _time("created_at", "When the customer opened it", required=True),
            _time("solved_at", "When it was last solved; empty while open"),
            _text(
                "status",
                "State of the ticket; spam, test and merged tickets count nowhere",
                values=("open", "pending", "solved", "closed", "spam", "test", "merged"),
            ),
            _text(
                "kind", "What it is", values=("complaint", "question", "request", "praise", "other")
            ),
            _text("channel", "How it came in: email, chat, phone, form"),
            _text("brand", "The brand that was asked"),
            _text("topic", "What it is about, in the desk's own words"),
            _text("agent_id", "The agent who has it"),
            _text("campaign_id", "The campaign that it is about"),
        ),
    ),
    Entity(
        "ticket_events",
        "one row per change of a ticket",
        ("event_id",),
        (
            _key("event_id", "The source's own id of the event"),
            _text("ticket_id", "The ticket", required=True),
            _text(
                "event_type",
                "What happened",
                required=True,
                values=("created", "solved", "reopened", "assigned", "closed"),
            ),
            _time("occurred_at", "When it happened", required=True),
            _text("agent_id", "Who did it"),
        ),
    ),
    Entity(
        "messages",
        "one row per message of a ticket or on a network",
        ("message_id",),
        (
            _key("message_id", "The source's own id of the message"),
            _text("ticket_id", "The ticket it belongs to; empty for a social message"),
            _text("conversation_id", "The thread, where the source knows it"),
            _text("in_reply_to_id", "The message that it answers"),
            _text("repost_of_id", "The message that it repeats unchanged"),
            _time("sent_at", "When it was sent", required=True),
            _text(
                "direction",
                "From the customer or to the customer",
                required=True,
                values=("inbound", "outbound"),
            ),
            _text("author_kind", "Who wrote it", values=("customer", "agent", "brand", "bot")),
            _text("author_id", "The author's customer_id or agent_id, where the source has one"),
            _text("author_handle", "The author's handle on the network"),
            _text("channel", "email, chat, phone, or the network's name"),
            _flag("is_public", "Everybody can read it", required=True),
            _flag("is_internal", "A note among agents, hidden from the customer: no reply"),
            _text("brand", "The brand that it speaks to or for"),
            _text("language", "ISO 639-1, where the source knows it"),
            _text("text", "The words"),
            _count("audience", "Followers of the author when it was sent", minimum=0),
            _count("likes", "Likes or favourites", minimum=0),
            _count("reposts", "Reposts or boosts", minimum=0),
            _count("replies", "Replies", minimum=0),
            _flag("is_spam", "Spam: counts nowhere"),
            _text("campaign_id", "The campaign that it is about"),
        ),
    ),
    Entity(
        "satisfaction_ratings",
        "one row per answer to a satisfaction question",
        ("rating_id",),
        (
            _key("rating_id", "The source's own id of the rating"),
            _text("ticket_id", "The rated ticket"),
            _text("customer_id", "Who rated"),
            _time("rated_at", "When it was answered; empty while unanswered"),
            _time("offered_at", "When it was asked"),
            Column("score", Type.DECIMAL, "The answer, on the scale of scale_max", unit="score"),
            Column(
                "scale_max",
                Type.INTEGER,
                "5 for one to five, 1 for bad (0) or good (1)",
                unit="score",
            ),
            _text("channel", "Channel of the rated contact"),
            _text("brand", "The brand that was rated"),
            _text("agent_id", "The rated agent"),
        ),
    ),
    Entity(
        "survey_responses",
        "one row per answer to a recommendation question",
        ("response_id",),
        (
            _key("response_id", "The source's own id of the response"),
            _text("customer_id", "Who answered"),
            _time("answered_at", "When", required=True),
            Column(
                "score", Type.INTEGER, "0 to 10", required=True, unit="score", minimum=0, maximum=10
            ),
            _text(
                "survey_kind",
                "Relational (about the brand) or transactional (about one contact or order)",
                values=("relational", "transactional"),
            ),
            _text("channel", "How it was asked"),
            _text("brand", "The brand that was asked about"),
            _text("comment", "The words beside the score"),
        ),
    ),
    Entity(
        "agents",
        "one row per service agent",
        ("agent_id",),
        (
            _key("agent_id", "The source's own id of the agent"),
            _text("team", "Team"),
            _text("handle", "Handle under which the agent replies in public"),
        ),
    ),
    Entity(
        "social_accounts",
        "one row per account on a network",
        ("network", "account_id"),
        (
            _key("network", "The network's name"),
            _key("account_id", "The network's own id of the account"),
            _text("handle", "The handle, without a leading @", required=True),
            _flag("is_brand", "The account speaks for a brand", required=True),
            _text("brand", "The brand it speaks for"),
            _time("created_at", "When the account was made"),
            _count("followers", "Followers now", minimum=0),
        ),
    ),
    Entity(
        "audience_snapshots",
        "one row per account and day",
        ("network", "account_id", "snapshot_date"),
        (
            _key("network", "The network's name"),
            _key("account_id", "The account"),
            _date("snapshot_date", "The day", required=True),
            _count("followers", "Followers on that day", minimum=0),
        ),
    ),
    Entity(
        "campaigns",
        "one row per campaign",
        ("campaign_id",),
        (
            _key("campaign_id", "The source's own id of the campaign"),
            _text("name", "What people call it"),
            _text("channel", "Main channel: email, social, search, print"),
            _text("brand", "The brand that it is for"),
            _date("starts_on", "First day"),
            _date("ends_on", "Last day"),
        ),
    ),
    Entity(
        "campaign_costs",
        "one row per campaign, channel, kind of cost and day",
        ("campaign_id", "channel", "cost_kind", "cost_date"),
        (
            _key("campaign_id", "The campaign"),
            _key("channel", "The channel the money went to"),
            _text(
                "cost_kind", "What it paid for", required=True, values=("media", "labour", "tools")
            ),
            _date("cost_date", "The day", required=True),
            _amount("amount", "What it cost", required=True, minimum=0),
            _text("currency", "ISO 4217; empty means the company's currency"),
        ),
    ),
    Entity(
        "campaign_touches",
        "one row per send of a campaign to one customer",
        ("touch_id",),
        (
            _key("touch_id", "The source's own id of the send"),
            _text("campaign_id", "The campaign", required=True),
            _text("customer_id", "Who it was sent to"),
            _time("sent_at", "When", required=True),
            _text("channel", "email, sms, push, print"),
            _text(
                "status", "What became of it", values=("delivered", "bounced", "opened", "clicked")
            ),
        ),
    ),
)

ENTITIES: dict[str, Entity] = {entity.name: entity for entity in _ENTITIES}
