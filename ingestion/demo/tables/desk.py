"""The service desk: its tickets, their messages, and what customers answered when asked."""

from collections.abc import Callable

import numpy as np

from ingestion.demo import grammar
from ingestion.demo.company import Company
from ingestion.demo.parameters import BRANDS, TEAMS, TICKET_CHANNELS, TICKET_KINDS, TOPICS
from ingestion.demo.records import size
from ingestion.demo.service import AGENTS, BOT, CUSTOMER, MERGED, NOTE, SPAM, TRIAL
from ingestion.demo.tables.cells import BRAND_CODES, Table, ids, pick, utc

AUTHORS = ("customer", "agent", "bot", "internal")
EFFORT_SCALE = "1 very hard, 7 very easy"


def tickets(company: Company) -> Table:
    """Return the desk's tickets; exports.py nests the requester."""
    t = company.tickets
    state = np.where(t.solved_at > 0, "solved", np.where(t.replied_at > 0, "pending", "open"))
    state = np.where(t.closed_at > 0, "closed", state)
    for fate, word in ((SPAM, "spam"), (TRIAL, "test"), (MERGED, "merged")):
        state = np.where(t.fate == fate, word, state)
    return {
        "id": 500_000 + np.arange(size(t)),
        "requester_id": ids("K", t.record, t.record == 0),
        "created_at": utc(t.at),
        "solved_at": utc(t.solved_at),
        "status": state.astype(object),
        "type": pick(TICKET_KINDS, t.kind),
        "channel": pick(TICKET_CHANNELS, t.channel),
        "brand": pick(BRANDS, t.brand),
        "topic": pick(TOPICS, t.topic),
        "assignee_id": t.agent + 1,
        "_changed": np.max([t.at, t.replied_at, t.solved_at, t.closed_at], axis=0),
    }


def events(company: Company) -> Table:
    """Return when tickets were solved, reopened, and closed without a solve."""
    t = company.tickets
    times = (t.solved_before_at, t.reopened_at, t.solved_at, t.closed_at)
    ticket = np.concatenate([np.flatnonzero(at > 0) for at in times])
    number = np.repeat(np.arange(4), [np.count_nonzero(at > 0) for at in times])
    order = np.lexsort((number, ticket))
    ticket, number = ticket[order], number[order]
    return {
        "event": ids("e", ticket * 4 + number),
        "ticket_id": (500_000 + ticket).astype(str).astype(object),
        "what": pick(("solved", "reopened", "solved", "closed"), number),
        "at": utc(np.stack(times)[number, ticket]),
        "agent": np.where(t.closed_at[ticket] > 0, "", (t.agent[ticket] + 1).astype(str)),
        "_changed": np.maximum(t.solved_at, t.closed_at)[ticket],
    }


def messages(company: Company) -> Table:
    """Return the messages of tickets; some have several lines."""
    m, t = company.messages, company.tickets
    return {
        "message_id": ids("m", m.ticket * 16 + m.author * 4 + np.minimum(m.turn, 3)),
        "ticket_id": (500_000 + m.ticket).astype(str).astype(object),
        "sent": utc(m.at),
        "direction": np.where(
            m.author == CUSTOMER, "in", np.where(m.author == NOTE, "none", "out")
        ).astype(object),
        "written_by": pick(AUTHORS, m.author),
        "author": np.where(
            m.author == CUSTOMER,
            ids("K", t.record[m.ticket], t.record[m.ticket] == 0),
            np.where(m.author == BOT, "", (t.agent[m.ticket] + 1).astype(str)),
        ),
        "channel": pick(TICKET_CHANNELS, t.channel[m.ticket]),
        "shop": pick(BRAND_CODES, t.brand[m.ticket]),
        "body": np.array(list(_bodies(company)), dtype=object),
        "_changed": m.at,
    }


SPAM_TEXTS = (
    "Cheap followers for your page!!!",
    "You have won, click here now",
    "SEO offer, page one",
)
KIND_SENTIMENT = (
    grammar.NEGATIVE,
    grammar.NEUTRAL,
    grammar.NEUTRAL,
    grammar.POSITIVE,
    grammar.NEUTRAL,
)


def _bodies(company: Company):
    m, t = company.messages, company.tickets
    kinds, topics, words, fates = (x.tolist() for x in (t.kind, t.topic, t.words, t.fate))
    rows = zip(m.ticket.tolist(), m.author.tolist(), m.turn.tolist(), strict=True)
    later: tuple[Callable[[int, int], str], ...] = (
        grammar.write_follow_up, grammar.write_reply, grammar.write_receipt, grammar.write_note,
    )  # fmt: skip
    for ticket, author, turn in rows:
        draw = words[ticket] + 7_919 * turn
        if author != CUSTOMER or turn:
            yield later[author](draw, words[ticket])
        elif fates[ticket] == SPAM:
            yield SPAM_TEXTS[draw % len(SPAM_TEXTS)]
        else:
            text = grammar.write(
                KIND_SENTIMENT[kinds[ticket]], TOPICS[topics[ticket]], draw, words[ticket]
            )
            yield text.replace(". ", ".\n", 1) if draw % 5 == 0 else text


def ratings(company: Company) -> Table:
    """Return every question for stars, answered or not."""
    t = company.tickets
    rows = np.flatnonzero(t.solved_at > 0)
    return {
        "rating_no": ids("r", 500_000 + rows),
        "ticket_id": (500_000 + rows).astype(str).astype(object),
        "customer_no": ids("K", t.record[rows]),
        "offered": utc(t.solved_at[rows]),
        "answered": utc(t.rated_at[rows]),
        "stars": np.where(t.stars[rows] > 0, t.stars[rows].astype(str), "").astype(object),
        "channel": pick(TICKET_CHANNELS, t.channel[rows]),
        "shop": pick(BRAND_CODES, t.brand[rows]),
        "agent": (t.agent[rows] + 1).astype(str).astype(object),
        "_changed": np.maximum(t.solved_at[rows], t.rated_at[rows]),
    }


def efforts(company: Company) -> Table:
    """Return the answers how easy it was to get help."""
    e, t = company.efforts, company.tickets
    return {
        "answer_no": ids("f", (500_000 + e.ticket) * 2 + e.turn),
        "ticket_id": (500_000 + e.ticket).astype(str).astype(object),
        "customer_no": ids("K", t.record[e.ticket]),
        "answered": utc(e.at),
        "ease": e.score.astype(str).astype(object),
        "scale": np.full(size(e), EFFORT_SCALE, dtype=object),
        "_changed": e.at,
    }


def agents(company: Company) -> Table:
    """Return the desk's agents."""
    every = np.arange(1, AGENTS + 1)
    return {
        "agent": every.astype(str).astype(object),
        "team": pick(TEAMS, every % len(TEAMS)),
        "_changed": np.full(AGENTS, company.clock.month_start[0]),
    }


def responses(company: Company) -> Table:
    """Return the answers to the recommendation question, typed."""
    r = company.responses
    return {
        "response_id": ids("n", 1 + np.arange(size(r))),
        "customer_no": ids("K", r.record, r.record == 0),
        "answered_at": r.at.astype("datetime64[s]"),
        "score": r.score.astype(np.int64),
        "survey": pick(("brand", "contact"), r.kind),
        "shop": pick(BRAND_CODES, r.brand),
        "_changed": r.at,
    }
