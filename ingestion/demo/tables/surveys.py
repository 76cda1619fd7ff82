"""What customers answered when they were asked: stars, effort, and whether they recommend."""

import numpy as np

from ingestion.demo.company import Company
from ingestion.demo.parameters import TICKET_CHANNELS
from ingestion.demo.records import size
from ingestion.demo.tables.cells import BRAND_CODES, Table, ids, pick, utc

EFFORT_SCALE = "1 very hard, 7 very easy"


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
