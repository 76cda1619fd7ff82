"""What systems' words and numbers in a column mean, in the contract's words.

What the columns are called belongs to `synonyms`.
"""

from collections.abc import Mapping, Sequence

from ingestion.sources.files.drafting.synonyms import EVENTS, words

OPEN = words(
    "new, open, reopened, unassigned, being processed, waiting on us, in progress, "
    "neu, offen, in bearbeitung, nuevo, abierto, nouveau, ouvert"
)
PENDING = words(
    "pending, hold, on-hold, on hold, snoozed, pending reminder, pending close, "
    "waiting on contact, waiting on customer, waiting on third party, "
    "wartend, angehalten, pendiente, en espera, en attente"
)
# Words of one system, of which each tells that the others may follow.
TOGETHER = (
    words("good, bad, offered"),
    words("extremely happy, very happy, happy, neutral, unhappy, very unhappy, extremely unhappy"),
    words("received email, bounced email"),
    words("sent, bounce"),
)
# By column: what values, in small letters, mean in the contract.
VALUES: dict[tuple[str, str], dict[str, str]] = {
    ("tickets", "status"): {
        **dict.fromkeys(OPEN, "open"),
        **dict.fromkeys(PENDING, "pending"),
        **dict.fromkeys(words("solved, resolved, gelöst, resuelto, résolu"), "solved"),
        **dict.fromkeys(words("closed, archived, geschlossen, cerrado, fermé, clos"), "closed"),
        **{each: each for each in words("spam, test, merged")},
    },
    ("tickets", "kind"): {
        **dict.fromkeys(words("complaint, complaints"), "complaint"),
        **dict.fromkeys(words("question, inquiry, how-to"), "question"),
        **dict.fromkeys(words("request, task, feature request, service request"), "request"),
        **dict.fromkeys(words("praise, compliment"), "praise"),
        **dict.fromkeys(words("incident, problem, refund, other"), "other"),
    },
    ("orders", "status"): {
        **dict.fromkeys(
            words(
                "paid, completed, complete, fulfilled, shipped, delivered, closed, "
                "partially_refunded, partially_paid, pending, authorized, processing"
            ),
            "completed",
        ),
        **dict.fromkeys(words("voided, void, cancelled, canceled, failed"), "cancelled"),
        **dict.fromkeys(words("refunded, returned"), "refunded"),
        "test": "test",
    },
    ("ticket_events", "event_type"): {
        **dict.fromkeys(words("created, opened"), "created"),
        **dict.fromkeys(words("solved, resolved"), "solved"),
        **dict.fromkeys(words("reopened, open, reopen"), "reopened"),
        **dict.fromkeys(words("assigned, assignment"), "assigned"),
        **dict.fromkeys(words("closed, close"), "closed"),
    },
    ("messages", "direction"): {
        **dict.fromkeys(
            words(
                "inbound, in, incoming, customer, user, lead, contact, end-user, requester, true"
            ),
            "inbound",
        ),
        **dict.fromkeys(
            words("outbound, out, outgoing, agent, admin, bot, system, staff, team, false"),
            "outbound",
        ),
    },
    ("messages", "author_kind"): {
        **dict.fromkeys(
            words("customer, user, lead, contact, end-user, requester"),
            "customer",
        ),
        **dict.fromkeys(words("agent, admin, staff, team"), "agent"),
        **dict.fromkeys(words("bot, system"), "bot"),
    },
    ("messages", "is_internal"): {
        **dict.fromkeys(words("note, true"), "true"),
        **dict.fromkeys(words("comment, open, close, assignment, snoozed, false"), "false"),
    },
    ("satisfaction_ratings", "score"): {
        **{"good": "1", "bad": "0", "offered": ""},
        **dict.fromkeys(words("extremely happy, very happy, happy"), "1"),
        **dict.fromkeys(words("neutral, unhappy, very unhappy, extremely unhappy"), "0"),
    },
    ("campaign_touches", "status"): {
        **dict.fromkeys(words("delivered, sent, received email"), "delivered"),
        **dict.fromkeys(words("bounced, bounce, bounced email"), "bounced"),
        **dict.fromkeys(words("opened, open, opened email"), "opened"),
        **dict.fromkeys(words("clicked, click, clicked email"), "clicked"),
    },
}
# Numbers that stand for words, by the contract's column and the file's: Freshdesk's, and the stages
# of HubSpot's first pipeline.
NUMBERED: dict[tuple[str, str], dict[str, str]] = {
    ("status", "status"): {
        **{"2": "open", "3": "pending", "4": "solved", "5": "closed"},
        **{"6": "pending", "7": "pending"},
    },
    ("status", "hs_pipeline_stage"): {"1": "open", "2": "pending", "3": "open", "4": "closed"},
    ("channel", "source"): {
        **{"1": "email", "2": "portal", "3": "phone", "7": "chat", "9": "feedback widget"},
        "10": "outbound email",
    },
}
# Words of a status that say that the row is no more.
GONE = words("deleted, trashed, trash, removed, hard_deleted, soft_deleted")
# Rows with another word in these columns are not the entity's.
SELECTING = (("ticket_events", "event_type"), ("satisfaction_ratings", "score"))
# What a word means that the contract has no word for.
OTHERWISE = {("tickets", "kind"): "other"}
FLAGS = {
    **dict.fromkeys(words("ja, oui, si, sí, sim, x, on"), "true"),
    **dict.fromkeys(words("nein, non, não, nao, off"), "false"),
}


def meanings(entity: str, column: str, name: str) -> Mapping[str, str]:
    """Return what words mean; an e-mail that was opened has been sent by another event's row."""
    known = VALUES.get((entity, column), {})
    if entity == "campaign_touches" and name in EVENTS:
        return {word: known[word] for word in known if known[word] in ("delivered", "bounced")}
    return known


def is_selecting(entity: str, column: str, name: str) -> bool:
    """Return whether rows with words that nobody knows are something else."""
    return (entity, column) in SELECTING or (entity == "campaign_touches" and name in EVENTS)


def following(own: str, known: Mapping[str, str]) -> Sequence[str]:
    """Return the words that may come where one has come."""
    return next((each for each in TOGETHER if own in each), tuple(known))
