"""Who buys what, and which campaigns reach him."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.exports.batch import (
    BEGINNING,
    BRANDS,
    END,
    SEED,
    Batch,
    any_of,
    instants,
    named,
)

_MONTHS = 36
_CAMPAIGNS = 60
_MEDIA = ("email", "sms", "push")


def customers(batch: Batch) -> pa.Table:
    """Return one customer record a person."""
    numbers = np.arange(batch.volume.persons)
    addresses = pc.binary_join_element_wise(named("c", numbers), "mail.example", "@")
    born = batch.random(1).integers(1940, 2006, len(numbers))
    columns = {"customer_id": named("C", numbers), "email": addresses, "birth_year": born}
    return pa.table(columns)


def orders(batch: Batch) -> pa.Table:
    """Return orders: who joins within the batch orders then, and some of them often."""
    random, count = batch.random(2), batch.volume.orders
    joined, appetite = _persons(batch.volume.persons)
    new = np.flatnonzero(joined >= batch.begins)
    chosen = random.choice(len(joined), count - len(new), p=appetite)
    buyers = np.concatenate([new, chosen])
    since = np.maximum(joined[buyers], batch.begins)
    waited = random.random(count) * (np.arange(count) >= len(new))
    amounts = np.round(random.lognormal(3.5, 0.7, count), 2)
    is_returned = random.random(count) < 0.05
    is_known, has_coupon = random.random(count) < 0.98, random.random(count) < 0.1
    return pa.table(
        {
            "order_id": batch.ids("O", count),
            "customer_id": pc.if_else(pa.array(is_known), named("C", buyers), None),
            "ordered_at": instants(since + waited * (batch.ends - since)),
            "gross_amount": amounts,
            "refunded_amount": np.where(is_returned, np.round(amounts / 2, 2), 0.0),
            "margin_amount": np.round(amounts * 0.4, 2),
            "channel": any_of(random, ("web", "store", "app", "phone"), count),
            "brand": any_of(random, BRANDS, count),
            "campaign_id": pc.if_else(pa.array(has_coupon), _any_campaign(random, count), None),
        }
    )


def campaigns() -> pa.Table:
    """Return the campaigns, which have no end."""
    numbers = np.arange(_CAMPAIGNS)
    return pa.table(
        {
            "campaign_id": named("K", numbers),
            "name": named("Campaign ", numbers),
            "channel": pa.array(_MEDIA).take(numbers % len(_MEDIA)),
            "brand": pa.array(BRANDS).take(numbers % len(BRANDS)),
        }
    )


def campaign_costs(batch: Batch) -> pa.Table:
    """Return what each campaign cost in each month."""
    numbers = np.tile(np.arange(_CAMPAIGNS), _MONTHS)
    months = BEGINNING.astype("datetime64[M]") + np.repeat(np.arange(_MONTHS), _CAMPAIGNS)
    cents = batch.random(6).integers(50_000, 500_000, len(numbers))
    return pa.table(
        {
            "campaign_id": named("K", numbers),
            "channel": pa.array(_MEDIA).take(numbers % len(_MEDIA)),
            "cost_kind": pa.repeat("media", len(numbers)),
            "cost_date": pa.array(months.astype("datetime64[D]")),
            "amount": np.round(cents / 100, 2),
        }
    )


def sends(batch: Batch) -> pa.Table:
    """Return sends of campaigns to customers."""
    random, count = batch.random(3), batch.volume.sends
    outcomes = ("delivered", "opened", "clicked", "bounced")
    return pa.table(
        {
            "touch_id": batch.ids("S", count),
            "campaign_id": _any_campaign(random, count),
            "customer_id": named("C", random.integers(0, batch.volume.persons, count)),
            "sent_at": instants(batch.moments(random, count)),
            "channel": any_of(random, _MEDIA, count),
            "status": any_of(random, outcomes, count, (0.6, 0.25, 0.1, 0.05)),
        }
    )


def _persons(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return when each person joined, and his share of the orders."""
    random = np.random.default_rng([SEED, count])
    span = (END - BEGINNING).astype(int)
    joined = BEGINNING + random.triangular(0, 0, span, count).astype(int)
    appetite = random.lognormal(0, 1, count)
    return joined, appetite / appetite.sum()


def _any_campaign(random: np.random.Generator, count: int) -> pa.Array:
    return named("K", random.integers(0, _CAMPAIGNS, count))
