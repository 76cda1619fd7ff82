"""Who asked, who answered, and how it was rated: the service desk's entities."""

from ingestion.contract.shapes import Column, Entity, Type, count, flag, key, text, time

ENTITIES = (
    Entity(
        "tickets",
        "one row per service ticket",
        ("ticket_id",),
        (
            key("ticket_id", "The source's own id of the ticket"),
            text("customer_id", "Who asked"),
            time("created_at", "When the customer opened it", required=True),
            time("solved_at", "When it was last solved; empty while open"),
            text(
                "status",
                "State of the ticket; spam, test and merged tickets count nowhere",
                values=("open", "pending", "solved", "closed", "spam", "test", "merged"),
            ),
            text(
                "kind", "What it is", values=("complaint", "question", "request", "praise", "other")
            ),
            text("channel", "How it came in: email, chat, phone, form"),
            text("brand", "The brand that was asked"),
            text("topic", "What it is about, in the desk's own words"),
            text("agent_id", "The agent who has it"),
            text("campaign_id", "The campaign that it is about"),
        ),
    ),
    Entity(
        "ticket_events",
        "one row per change of a ticket",
        ("event_id",),
        (
            key("event_id", "The source's own id of the event"),
            text("ticket_id", "The ticket", required=True),
            text(
                "event_type",
                "What happened",
                required=True,
                values=("created", "solved", "reopened", "assigned", "closed"),
            ),
            time("occurred_at", "When it happened", required=True),
            text("agent_id", "Who did it"),
        ),
    ),
    Entity(
        "messages",
        "one row per message of a ticket or on a network",
        ("message_id",),
        (
            key("message_id", "The source's own id of the message"),
            text("ticket_id", "The ticket it belongs to; empty for a social message"),
            text("conversation_id", "The thread, where the source knows it"),
            text("in_reply_to_id", "The message that it answers"),
            text("repost_of_id", "The message that it repeats unchanged"),
            time("sent_at", "When it was sent", required=True),
            text(
                "direction",
                "From the customer or to the customer",
                required=True,
                values=("inbound", "outbound"),
            ),
            text("author_kind", "Who wrote it", values=("customer", "agent", "brand", "bot")),
            text("author_id", "The author's customer_id or agent_id, where the source has one"),
            text("author_handle", "The author's handle on the network"),
            text("channel", "email, chat, phone, or the network's name"),
            flag("is_public", "Everybody can read it", required=True),
            flag("is_internal", "A note among agents, hidden from the customer: no reply"),
            text("brand", "The brand that it speaks to or for"),
            text("language", "ISO 639-1, where the source knows it"),
            text("text", "The words", is_hashed=True),
            count("audience", "Followers of the author when it was sent", minimum=0),
            count("likes", "Likes or favourites", minimum=0),
            count("reposts", "Reposts or boosts", minimum=0),
            count("replies", "Replies", minimum=0),
            flag("is_spam", "Spam: counts nowhere"),
            text("campaign_id", "The campaign that it is about"),
        ),
    ),
    Entity(
        "satisfaction_ratings",
        "one row per answer to a satisfaction question",
        ("rating_id",),
        (
            key("rating_id", "The source's own id of the rating"),
            text("ticket_id", "The rated ticket"),
            text("customer_id", "Who rated"),
            time("rated_at", "When it was answered; empty while unanswered"),
            time("offered_at", "When it was asked"),
            Column(
                "score",
                Type.DECIMAL,
                "The answer, on the scale of scale_max",
                unit="score",
                minimum=0,
                maximum=5,
            ),
            Column(
                "scale_max",
                Type.INTEGER,
                "5 for one to five, 1 for bad (0) or good (1): no other scale says what satisfies",
                unit="score",
                minimum=1,
                maximum=5,
            ),
            text("channel", "Channel of the rated contact"),
            text("brand", "The brand that was rated"),
            text("agent_id", "The rated agent"),
        ),
    ),
    Entity(
        "survey_responses",
        "one row per answer to a recommendation question",
        ("response_id",),
        (
            key("response_id", "The source's own id of the response"),
            text("customer_id", "Who answered"),
            time("answered_at", "When", required=True),
            Column(
                "score", Type.INTEGER, "0 to 10", required=True, unit="score", minimum=0, maximum=10
            ),
            text(
                "survey_kind",
                "Relational (about the brand) or transactional (about one contact or order)",
                values=("relational", "transactional"),
            ),
            text("channel", "How it was asked"),
            text("brand", "The brand that was asked about"),
            text("comment", "The words beside the score"),
        ),
    ),
    Entity(
        "agents",
        "one row per service agent",
        ("agent_id",),
        (
            key("agent_id", "The source's own id of the agent"),
            text("team", "Team"),
            text("handle", "Handle under which the agent replies in public"),
        ),
    ),
)
