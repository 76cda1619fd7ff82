"""The company's exports as tables of text, in the shop's and the desk's own words.

One function a table: it returns the columns, and `_changed`, the second at which each row
became what it is. Files, duplicates and broken rows belong to `exports.py`.
"""

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from ingestion.demo import grammar
from ingestion.demo.commerce import FIRST as FIRST_ORDER
from ingestion.demo.commerce import exchange_rate
from ingestion.demo.company import Company
from ingestion.demo.names import SHARED_EMAIL, email, full_names, handle, phone
from ingestion.demo.parameters import (
    BRANDS,
    CAMPAIGN_CHANNELS,
    CURRENCIES,
    SEND_CHANNELS,
    TICKET_CHANNELS,
    TICKET_KINDS,
    TOPICS,
)
from ingestion.demo.persons import FIRST_RECORD, SECOND_RECORD, STAFF_RECORD, TEST_RECORD
from ingestion.demo.records import size
from ingestion.demo.service import AGENTS, BOT, CUSTOMER, MERGED, NOTE, SPAM, TRIAL

Table = dict[str, np.ndarray]
ORDER_STATES = ("paid", "void", "returned", "test")
ORDER_CHANNELS = ("WEB", "APP", "STORE", "PHONE")
BRAND_CODES = ("AH", "WR")
SEND_STATES = ("delivered", "bounced", "opened", "clicked")
AUTHORS = ("customer", "agent", "bot", "internal")


def _pick(words: tuple[str, ...], index: np.ndarray) -> np.ndarray:
    return np.array(words, dtype=object)[index]


def _ids(prefix: str, numbers: np.ndarray, missing: np.ndarray | None = None) -> np.ndarray:
    ids = np.array([f"{prefix}{number}" for number in numbers.tolist()], dtype=object)
    return ids if missing is None else np.where(missing, "", ids)


def _utc(at: np.ndarray) -> np.ndarray:
    text = np.datetime_as_string(at.astype("datetime64[s]"), unit="s").astype(object) + "Z"
    return np.where(at > 0, text, "")


def _money(amount: np.ndarray) -> np.ndarray:
    return np.array([f"{value:.2f}" for value in amount.tolist()], dtype=object)


def _day(company: Company, day: np.ndarray) -> np.ndarray:
    origin = company.clock.months_first[0]
    return np.array([(origin + timedelta(days=d)).isoformat() for d in day.tolist()], dtype=object)


def orders(company: Company) -> Table:
    """Return the shop's orders, with local times."""
    o = company.orders
    local = np.datetime_as_string(company.clock.local(o.at), unit="s")
    return {
        "order_no": _ids("W", 100_000 + np.arange(size(o))),
        "placed_at": np.char.replace(local, "T", " ").astype(object),
        "customer_no": _ids("K", o.record, o.record == 0),
        "total": _money(o.amount),
        "returned_value": _money(o.refunded),
        "gross_margin": _money(o.margin),
        "currency": _pick(CURRENCIES, o.currency),
        "state": _pick(ORDER_STATES, o.status),
        "sold_in": _pick(ORDER_CHANNELS, o.channel),
        "shop": _pick(BRAND_CODES, o.brand),
        "coupon_campaign": campaign_ids(o.campaign),
        "invited_by": _ids(
            "K", FIRST_RECORD + o.referrer, (o.referrer < 0) | (o.well != FIRST_ORDER)
        ),
        "_changed": np.maximum(o.at, o.refunded_at),
    }


def campaign_ids(campaign: np.ndarray) -> np.ndarray:
    """Return the campaigns' ids; empty for -1."""
    return _ids("camp-", campaign + 100, campaign < 0)


def customers(company: Company) -> Table:
    """Return the shop's customer records: first and second ones, staff, tests."""
    p, clock = company.persons, company.clock
    names = full_names(p.name)
    every = np.arange(size(p))
    second = every[p.has_second_record & (p.second_record_at <= clock.as_of)]
    rows = [_first_record(company, names[i], i) for i in every.tolist()]
    rows += [_second_record(company, names[i], i) for i in second.tolist()]
    rows += _house_records(company)
    columns = ("Kundennr", "Name", "E-Mail", "Telefon", "Geburtsjahr", "Mitarbeiter", "Testkonto")
    table = {
        n: np.array(v, dtype=object) for n, v in zip(columns, zip(*rows, strict=True), strict=True)
    }
    house = np.full(company.parameters.staff + 10, clock.month_start[0] + 6 * 3600)
    created = np.concatenate([p.acquired_at, p.second_record_at[second], house])
    local = clock.local(created).tolist()
    table["Angelegt"] = np.array([f"{t:%d.%m.%Y %H:%M}" for t in local], dtype=object)
    table["_changed"] = created
    return table


def _first_record(company: Company, name: tuple[str, str], i: int) -> tuple[str, ...]:
    p = company.persons
    mail = SHARED_EMAIL if p.has_shared_email[i] else email(name, i)
    number = phone(i) if i % 20 < 11 or p.has_second_record[i] else ""
    born = str(p.birth_year[i]) if p.is_birth_year_known[i] else ""
    return f"K{FIRST_RECORD + i}", " ".join(name), mail, number, born, "nein", "nein"


def _second_record(company: Company, name: tuple[str, str], i: int) -> tuple[str, ...]:
    """Same e-mail in other case, or another e-mail and the same phone."""
    p = company.persons
    same_mail = i % 2 == 0
    mail = email(name, i).title() if same_mail else email(name, 500_000 + i)
    number = "" if same_mail else phone(i, spaced=True)
    born = str(p.birth_year[i]) if p.is_birth_year_known[i] else ""
    return f"K{SECOND_RECORD + i}", " ".join(name), mail, number, born, "nein", "nein"


def _house_records(company: Company) -> list[tuple[str, ...]]:
    staff: list[tuple[str, ...]] = [
        (
            f"K{STAFF_RECORD + i}",
            "Personalkauf",
            f"staff{i}@alderwren.example.com",
            "",
            "",
            "ja",
            "nein",
        )
        for i in range(company.parameters.staff)
    ]
    tests = [
        (f"K{TEST_RECORD + i}", "Test Test", f"test{i}@alderwren.example.com", "", "", "nein", "ja")
        for i in range(10)
    ]
    return staff + tests


def identities(company: Company) -> Table:
    """Return the handles that the shop knows."""
    p = company.persons
    linked = np.flatnonzero(p.is_linked)
    names = full_names(p.name[linked])
    return {
        "customer_no": _ids("K", FIRST_RECORD + linked),
        "network": np.full(len(linked), "mastodon", dtype=object),
        "handle": np.array(
            [f"@{handle(n, i).capitalize()}" for n, i in zip(names, linked.tolist(), strict=True)],
            dtype=object,
        ),
        "_changed": p.acquired_at[linked],
    }


def exchange_rates(company: Company) -> Table:
    """Return EUR for one pound and one franc, by day."""
    clock = company.clock
    days = np.arange(int(clock.day_of(np.array([clock.as_of]))[0]) + 1)
    both = np.repeat(days, 2)
    rates = np.stack([exchange_rate(clock, 1)[days], exchange_rate(clock, 2)[days]], 1).ravel()
    return {
        "day": _day(company, both),
        "currency": _pick(CURRENCIES, 1 + np.arange(len(both)) % 2),
        "eur": np.array([f"{rate:.5f}" for rate in rates.tolist()], dtype=object),
        "_changed": clock.at(both, np.zeros(len(both), dtype=int)),
    }


def tickets(company: Company) -> Table:
    """Return the desk's tickets; exports.py nests the requester."""
    t = company.tickets
    state = np.where(t.solved_at > 0, "solved", np.where(t.replied_at > 0, "pending", "open"))
    for fate, word in ((SPAM, "spam"), (TRIAL, "test"), (MERGED, "merged")):
        state = np.where(t.fate == fate, word, state)
    return {
        "id": 500_000 + np.arange(size(t)),
        "requester_id": _ids("K", t.record, t.record == 0),
        "created_at": _utc(t.at),
        "solved_at": _utc(t.solved_at),
        "status": state.astype(object),
        "type": _pick(TICKET_KINDS, t.kind),
        "channel": _pick(TICKET_CHANNELS, t.channel),
        "brand": _pick(BRANDS, t.brand),
        "topic": _pick(TOPICS, t.topic),
        "assignee_id": t.agent + 1,
        "_changed": np.maximum(t.at, np.maximum(t.solved_at, t.replied_at)),
    }


def messages(company: Company) -> Table:
    """Return the messages of tickets; some have several lines."""
    m, t = company.messages, company.tickets
    return {
        "message_id": _ids("m", m.ticket * 16 + m.author * 4 + np.minimum(m.turn, 3)),
        "ticket_id": (500_000 + m.ticket).astype(str).astype(object),
        "sent": _utc(m.at),
        "direction": np.where(
            m.author == CUSTOMER, "in", np.where(m.author == NOTE, "none", "out")
        ).astype(object),
        "written_by": _pick(AUTHORS, m.author),
        "author": np.where(
            m.author == CUSTOMER,
            _ids("K", t.record[m.ticket], t.record[m.ticket] == 0),
            np.where(m.author == BOT, "", (t.agent[m.ticket] + 1).astype(str)),
        ),
        "channel": _pick(TICKET_CHANNELS, t.channel[m.ticket]),
        "shop": _pick(BRAND_CODES, t.brand[m.ticket]),
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
        "rating_no": _ids("r", 500_000 + rows),
        "ticket_id": (500_000 + rows).astype(str).astype(object),
        "customer_no": _ids("K", t.record[rows]),
        "offered": _utc(t.solved_at[rows]),
        "answered": _utc(t.rated_at[rows]),
        "stars": np.where(t.stars[rows] > 0, t.stars[rows].astype(str), "").astype(object),
        "channel": _pick(TICKET_CHANNELS, t.channel[rows]),
        "shop": _pick(BRAND_CODES, t.brand[rows]),
        "agent": (t.agent[rows] + 1).astype(str).astype(object),
        "_changed": np.maximum(t.solved_at[rows], t.rated_at[rows]),
    }


def agents(company: Company) -> Table:
    """Return the desk's agents."""
    every = np.arange(1, AGENTS + 1)
    return {
        "agent": every.astype(str).astype(object),
        "team": _pick(("Front desk", "Second line", "Public voices"), every % 3),
        "_changed": np.full(AGENTS, company.clock.month_start[0]),
    }


def responses(company: Company) -> Table:
    """Return the answers to the recommendation question, typed."""
    r = company.responses
    return {
        "response_id": _ids("n", 1 + np.arange(size(r))),
        "customer_no": _ids("K", r.record),
        "answered_at": r.at.astype("datetime64[s]"),
        "score": r.score.astype(np.int64),
        "survey": _pick(("brand", "contact"), r.kind),
        "shop": _pick(BRAND_CODES, r.brand),
        "_changed": r.at,
    }


def campaigns(company: Company) -> Table:
    """Return the campaigns."""
    c = company.campaigns
    return {
        "campaign": campaign_ids(np.arange(size(c))),
        "title": c.name.astype(object),
        "main_channel": _pick(CAMPAIGN_CHANNELS, c.channel),
        "shop": _pick(BRAND_CODES, c.brand),
        "from": _day(company, c.first_day),
        "to": _day(company, c.last_day),
        "_changed": company.clock.at(c.first_day, np.zeros(size(c), dtype=int)),
    }


def costs(company: Company) -> Table:
    """Return what the campaigns cost, by kind, on their first day."""
    c = company.campaigns
    n = size(c)
    return {
        "campaign": np.repeat(campaign_ids(np.arange(n)), 3),
        "channel": np.repeat(_pick(CAMPAIGN_CHANNELS, c.channel), 3),
        "kind": np.tile(np.array(("media", "labour", "tools"), dtype=object), n),
        "day": np.repeat(_day(company, c.first_day), 3),
        "eur": _money(np.stack([c.media, c.labour, c.tools], 1).ravel()),
        "_changed": np.repeat(company.clock.at(c.first_day, np.zeros(n, dtype=int)), 3),
    }


def sends(company: Company) -> Table:
    """Return the sends to customers."""
    s = company.sends
    return {
        "send": _ids("s", s.campaign * 10_000_000 + s.person),
        "campaign": campaign_ids(s.campaign),
        "customer_no": _ids("K", s.record),
        "sent": _utc(s.at),
        "medium": _pick(SEND_CHANNELS, s.channel),
        "result": _pick(SEND_STATES, s.status),
        "_changed": s.at,
    }
