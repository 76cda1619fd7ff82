"""The persons: when they came, who they are, and the records that the shop keeps of them.

What they buy, ask, say or answer belongs to the other domains.
"""

from dataclasses import dataclass, replace

import numpy as np

from ingestion.demo.clock import Clock, stream, within_month
from ingestion.demo.parameters import GENERATIONS, Parameters
from ingestion.demo.records import join

BIRTH_YEARS = ((1946, 1964), (1965, 1980), (1981, 1996), (1997, 2007))
SECOND_RECORD = 3_000_000
GUEST_RECORD = 4_000_000
STAFF_RECORD = 8_000_000
TEST_RECORD = 9_000_000
FIRST_RECORD = 1_000_000


@dataclass(frozen=True)
class Persons:
    """One row per person, in order of arrival; the row number is the person."""

    acquired_at: np.ndarray
    generation: np.ndarray  # index into GENERATIONS
    birth_year: np.ndarray
    is_birth_year_known: np.ndarray
    yearly_survival: np.ndarray
    orders_per_year: np.ndarray
    currency: np.ndarray
    brand: np.ndarray
    channel: np.ndarray
    is_referred: np.ndarray
    has_second_record: np.ndarray
    second_record_at: np.ndarray
    has_shared_email: np.ndarray
    has_terminal_email: np.ndarray
    is_guest_shopper: np.ndarray  # gets a new record with each order, all with one e-mail
    has_handle: np.ndarray
    is_linked: np.ndarray  # the shop knows the handle
    is_advocate: np.ndarray
    is_affected: np.ndarray  # by the outage, if a customer by then
    followers: np.ndarray
    name: np.ndarray  # a draw that names.py turns into words


def simulate_persons(seed: int, count: int, clock: Clock, p: Parameters, planned: int) -> Persons:
    """Draw everybody who arrives in the simulated months."""
    weights = np.array([_season(clock, p, month) for month in range(max(clock.months, planned))])
    per_month = np.round(weights * count / weights[:planned].sum()).astype(int)
    persons = join([_arrive(seed, clock, p, m, int(per_month[m])) for m in range(clock.months)])
    return replace(persons, is_guest_shopper=_shops_as_guest(persons, clock, p))


def _shops_as_guest(persons: Persons, clock: Clock, p: Parameters) -> np.ndarray:
    """Mark early persons who order often and of whom the shop knows nothing but one e-mail."""
    came_early = persons.acquired_at < clock.month_start[p.guest_shopper_months]
    has_more = persons.has_handle | persons.has_second_record
    has_more |= persons.has_shared_email | persons.has_terminal_email
    return came_early & ~has_more & (persons.orders_per_year > p.guest_shopper_rate)


def _season(clock: Clock, p: Parameters, month: int) -> float:
    return p.acquisition_season[(clock.months_first[0].month - 1 + month) % 12]


def _arrive(seed: int, clock: Clock, p: Parameters, month: int, n: int) -> Persons:
    random = stream(seed, "persons", month)
    acquired = np.sort(within_month(clock, month, n, random))
    generation = random.choice(len(GENERATIONS), n, p=p.generation_shares)
    first, last = np.array(BIRTH_YEARS).T
    survival = np.array(p.yearly_survival)[generation]
    if clock.calendar_month(month) >= 10:
        survival = survival * p.bargain_cohort_survival
    has_handle = random.random(n) < p.handle_share
    shares_key = (np.arange(n) < p.shared_key_persons) & (month == 2)
    at_terminal = (np.arange(n) < p.terminal_persons) & (month == 3)
    second = (random.random(n) < p.second_record_share) & ~shares_key & ~at_terminal
    return Persons(
        acquired_at=acquired,
        generation=generation,
        birth_year=random.integers(first[generation], last[generation] + 1),
        is_birth_year_known=random.random(n) >= p.unknown_birth_year,
        yearly_survival=survival,
        orders_per_year=random.gamma(p.order_rate_shape, p.orders_per_year / p.order_rate_shape, n)
        + 0.6,
        currency=random.choice(3, n, p=p.currency_shares),
        brand=(random.random(n) < 0.32).astype(int),
        channel=random.choice(4, n, p=(0.5, 0.26, 0.18, 0.06)),
        is_referred=random.random(n) < p.referred_share,
        has_second_record=second,
        second_record_at=acquired + random.integers(60 * 86_400, 500 * 86_400, n),
        has_shared_email=shares_key,
        has_terminal_email=at_terminal,
        is_guest_shopper=np.zeros(n, dtype=bool),
        has_handle=has_handle,
        is_linked=has_handle & (random.random(n) < p.linked_share),
        is_advocate=has_handle & (random.random(n) < p.advocate_share),
        is_affected=random.random(n) < p.affected_share,
        followers=np.round(random.lognormal(4.6, 1.3, n)).astype(int),
        name=random.integers(0, 1 << 30, n),
    )


def record_at(persons: Persons, person: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the customer record that a person uses at a time: after a second sign-up, that one."""
    second = persons.has_second_record[person] & (at >= persons.second_record_at[person])
    return np.where(second, SECOND_RECORD, FIRST_RECORD) + person
