"""Columns of text, as exports write them; what several tables share."""

from datetime import timedelta

import numpy as np

from ingestion.demo.commerce import FIRST, Orders
from ingestion.demo.company import Company
from ingestion.demo.persons import FIRST_RECORD

Table = dict[str, np.ndarray]
BRAND_CODES = ("AH", "WR")


def pick(words: tuple[str, ...], index: np.ndarray) -> np.ndarray:
    """Return the word at each index."""
    return np.array(words, dtype=object)[index]


def ids(prefix: str, numbers: np.ndarray, missing: np.ndarray | None = None) -> np.ndarray:
    """Return the numbers with a prefix; empty where `missing`."""
    named = np.array([f"{prefix}{number}" for number in numbers.tolist()], dtype=object)
    return named if missing is None else np.where(missing, "", named)


def utc(at: np.ndarray) -> np.ndarray:
    """Return seconds since 1970 as UTC; empty where there are none."""
    text = np.datetime_as_string(at.astype("datetime64[s]"), unit="s").astype(object) + "Z"
    return np.where(at > 0, text, "")


def money(amount: np.ndarray) -> np.ndarray:
    """Return amounts with two decimals."""
    return np.array([f"{value:.2f}" for value in amount.tolist()], dtype=object)


def day(company: Company, number: np.ndarray) -> np.ndarray:
    """Return the dates of days numbered from the first one of the history."""
    origin = company.clock.months_first[0]
    return np.array(
        [(origin + timedelta(days=d)).isoformat() for d in number.tolist()], dtype=object
    )


def campaign_ids(campaign: np.ndarray) -> np.ndarray:
    """Return the campaigns' ids; empty for -1."""
    return ids("camp-", campaign + 100, campaign < 0)


def inviters(orders: Orders) -> np.ndarray:
    """Return who invited the buyer, beside a first order; empty where nobody did."""
    is_invited = (orders.referrer >= 0) & (orders.well == FIRST)
    return ids("K", FIRST_RECORD + orders.referrer, ~is_invited)
