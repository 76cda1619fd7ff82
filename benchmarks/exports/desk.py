"""What customers ask and say, and how the service desk answers."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.exports.batch import BRANDS, Batch, any_of, instants, named

_WORDS = """
    order parcel courier refund invoice basket voucher size colour fabric lamp chair table sofa
    mirror login password app website shop phone chat answer agent manager promise week month today
    never always again late early broken missing wrong perfect lovely awful terrible great good bad
    happy angry sad love hate thanks sorry please help quick slow cheap expensive fair rude friendly
    excellent useless brilliant disappointing satisfied annoyed
"""
_WORDS_A_TEXT = 12


def tickets(batch: Batch) -> pa.Table:
    """Return tickets, of which nine in ten are solved, within some days."""
    random, count = batch.random(4), batch.volume.tickets
    created = batch.moments(random, count)
    solved = created + random.exponential(2 * 86_400, count).astype(int)
    is_solved = (random.random(count) < 0.9) & (solved < batch.ends)
    return pa.table(
        {
            "ticket_id": batch.ids("T", count),
            "customer_id": named("C", random.integers(0, batch.volume.persons, count)),
            "created_at": instants(created),
            "solved_at": pc.if_else(pa.array(is_solved), instants(solved), None),
            "status": pa.array(np.where(is_solved, "solved", "open")),
            "kind": any_of(random, ("complaint", "question", "request", "other"), count),
            "channel": any_of(random, ("email", "chat", "phone"), count),
            "brand": any_of(random, BRANDS, count),
        }
    )


def messages(batch: Batch, asked: pa.Table) -> pa.Table:
    """Return three messages of each ticket in `asked`, and public ones."""
    random, count = batch.random(5), batch.volume.messages
    threads = _ticket_messages(batch, asked)
    written = pa.concat_tables([threads, _mentions(batch, random, count - len(threads))])
    columns = {name: written[name] for name in written.column_names}
    return pa.table(
        {
            "message_id": batch.ids("M", count),
            **columns,
            "brand": any_of(random, BRANDS, count),
            "text": _texts(random, batch.ids("reference ", count)),
        }
    )


def _ticket_messages(batch: Batch, asked: pa.Table) -> pa.Table:
    """Return a customer's question, the agent's reply an hour later, and the customer's answer."""
    position = np.tile(np.arange(3), len(asked))
    ticket = asked.take(np.repeat(np.arange(len(asked)), 3))
    created = ticket["created_at"].to_numpy().astype("datetime64[s]")
    is_reply = position == 1
    return pa.table(
        {
            "ticket_id": ticket["ticket_id"],
            "sent_at": instants(np.minimum(created + position * 3_600, batch.ends - 1)),
            "direction": pa.array(np.where(is_reply, "outbound", "inbound")),
            "author_id": pc.if_else(pa.array(is_reply), "A1", ticket["customer_id"]),
            "author_kind": pa.array(np.where(is_reply, "agent", "customer")),
            "channel": pa.repeat("email", len(ticket)),
            "is_public": pa.repeat(False, len(ticket)),
        }
    )


def _mentions(batch: Batch, random: np.random.Generator, count: int) -> pa.Table:
    """Return what customers say in public."""
    return pa.table(
        {
            "ticket_id": pa.nulls(count, pa.string()),
            "sent_at": instants(batch.moments(random, count)),
            "direction": pa.repeat("inbound", count),
            "author_id": named("C", random.integers(0, batch.volume.persons, count)),
            "author_kind": pa.repeat("customer", count),
            "channel": pa.repeat("twitter", count),
            "is_public": pa.repeat(True, count),
        }
    )


def _texts(random: np.random.Generator, references: pa.Array) -> pa.Array:
    """Return texts of random words, all different."""
    vocabulary = _WORDS.split()
    words = [any_of(random, vocabulary, len(references)) for _ in range(_WORDS_A_TEXT)]
    return pc.binary_join_element_wise(*words, references, " ")
