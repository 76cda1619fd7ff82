"""Every number that is planted in the demo company, in one frozen value.

A truth that a test may look for is named here, with its unit; the modules beside it only draw
from it. Which value a metric has in which month is computed in `truths/`.
"""

from dataclasses import dataclass

BRANDS = ("Alder Home", "Wrenly")
BRAND_HANDLES = ("alderhome", "wrenly")
INSTANCE = "social.example.org"
GENERATIONS = ("Baby Boomers", "Generation X", "Millennials", "Generation Z")
CURRENCIES = ("EUR", "GBP", "CHF")
ORDER_CHANNELS = ("web", "app", "store", "phone")
TICKET_CHANNELS = ("email", "chat", "phone", "form")
TICKET_KINDS = ("complaint", "question", "request", "praise", "other")
TOPICS = ("delivery", "product", "returns", "billing", "account", "service outage")
TEAMS = ("Front desk", "Second line", "Public voices")
SEND_CHANNELS = ("email", "sms", "push")
CAMPAIGN_CHANNELS = ("email", "social", "search", "print")
AD_CHANNEL = "social"


@dataclass(frozen=True)
class Parameters:
    """The planted truths; rates are per event or per year, times in minutes, shares 0 to 1."""

    zone: str = "Europe/Berlin"
    history_months: int = 24  # orders before the first reported month
    touch_history_months: int = 12  # tickets, sends, surveys and posts before it

    # Months count from 1, the first of the reported months.
    backlash_month: int = 9
    crisis_month: int = 15
    promise_month: int = 18
    send_check_month: int = 20
    evening_crew_month: int = 21

    # Retention: yearly survival by generation, less for bargain hunters of November and December.
    generation_shares: tuple[float, ...] = (0.21, 0.27, 0.31, 0.21)
    yearly_survival: tuple[float, ...] = (0.86, 0.79, 0.69, 0.60)
    bargain_cohort_survival: float = 0.88  # factor on yearly survival
    yearly_reactivation: float = 0.16
    unknown_birth_year: float = 0.12
    acquisition_season: tuple[float, ...] = (
        0.8,
        0.8,
        0.95,
        1.0,
        1.05,
        0.95,
        0.8,
        0.8,
        1.0,
        1.05,
        1.4,
        1.5,
    )  # January first

    # Commerce.
    orders_per_year: float = 2.1
    order_rate_shape: float = 3.0
    order_season: tuple[float, ...] = (
        0.88,
        0.84,
        0.94,
        0.97,
        1.0,
        0.96,
        0.88,
        0.88,
        1.0,
        1.05,
        1.28,
        1.32,
    )
    median_amount: float = 54.0
    margin_rate: float = 0.38
    currency_shares: tuple[float, ...] = (0.86, 0.10, 0.04)
    refund_rate: float = 0.06
    refund_parts: tuple[float, float, float] = (0.75, 0.18, 0.07)  # one, two or three refunds
    till_return_share: float = 0.03  # of what the stores sell: comes back as an order below zero
    deleted_share: float = 0.004  # of orders: deleted within 40 days
    cancel_rate: float = 0.03
    guest_rate: float = 0.05  # beside the known persons' orders
    test_orders_per_month: int = 4
    staff: int = 60
    second_record_share: float = 0.015
    shared_key_persons: int = 40  # with a reception's address
    terminal_persons: int = 25  # with the address of a store's terminal, and a phone each
    guest_shopper_rate: float = 5.5  # who orders more often a year, and came early, buys as a guest
    guest_shopper_months: int = 3  # of the history
    referred_share: float = 0.14  # of new persons

    # Service.
    tickets_per_order: float = 0.26
    spam_share: float = 0.02
    test_share: float = 0.005
    merged_share: float = 0.01
    reply_median: tuple[float, ...] = (240.0, 4.0, 1.5, 420.0)  # by ticket channel
    reply_sigma: tuple[float, ...] = (1.0, 0.7, 0.7, 0.9)
    solve_median: tuple[float, ...] = (900.0, 25.0, 12.0, 1500.0)  # after the first reply
    solve_sigma: float = 1.1
    complaint_solve_factor: float = 4.0  # on the median
    unanswered_share: float = 0.03
    unsolved_share: float = 0.05
    stale_days: int = 31  # what is unsolved for longer is closed when the quarter ends
    skewed_every: int = 60  # of quick tickets, one in so many is answered before it came ...
    skew_seconds: int = 299  # ... by up to so much
    reopened_every: int = 12  # of the tickets that take an hour to solve, one in so many comes back
    chat_reply_minutes: float = 15  # what the desk promises, by chat and on the phone ...
    chat_solve_minutes: float = 1_440
    reply_minutes: float = 1_440  # ... and otherwise
    solve_minutes: float = 4_320
    rating_share: float = 0.42  # of solved tickets
    service_order_lift: float = 0.07  # share of solved tickets that bring an order in 7 days

    # Ratings: shares of the stars one to five.
    stars_normal: tuple[float, ...] = (0.04, 0.06, 0.13, 0.34, 0.43)
    stars_crisis: tuple[float, ...] = (0.24, 0.20, 0.20, 0.22, 0.14)
    stars_broken_promise: tuple[float, ...] = (0.20, 0.17, 0.20, 0.26, 0.17)
    stars_evening_crew: tuple[float, ...] = (0.02, 0.04, 0.10, 0.36, 0.48)
    evening_hour: int = 18  # from then to midnight a crew of its own replies

    # The crisis: an outage.
    crisis_day: int = 6  # of its month
    crisis_weeks: int = 3
    affected_share: float = 0.35  # of the persons alive
    affected_ticket_share: float = 0.22  # of the affected persons
    affected_hazard: float = 4.0  # on the monthly risk, for four months
    crisis_reply_delay: float = 6.0  # on the median reply time, two weeks
    crisis_mention_factor: float = 10.0

    # The broken promise: "delivered in 2 days".
    delivered_in_time: float = 0.93  # of what is delivered ...
    delivered_after_slip: float = 0.62  # ... and from then on
    slip_ticket_factor: float = (
        1.35  # tickets per order from then on, all of it delivery complaints
    )
    late_leaves: float = 0.25  # of late deliveries from then on, one more customer is gone for good

    # Complaints that nobody solves.
    patience_days: int = 7
    unsolved_leaves: float = 0.40  # of complaints that took longer, one more customer is gone

    # Recommendation surveys: shares of detractors, passives, promoters.
    relational_per_month: float = 0.011  # answers per person of the company's size
    second_answer_share: float = 0.08
    transactional_share: float = 0.12  # of solved tickets
    anonymous_per_month: float = 0.0008  # answers per person of the company's size
    nps_shares: tuple[float, float, float] = (0.20, 0.32, 0.48)
    nps_shares_affected: tuple[float, float, float] = (0.52, 0.28, 0.20)

    # Effort: from 1, very hard, to 7, very easy.
    effort_share: float = 0.10  # of solved tickets
    second_effort_share: float = 0.06  # of those who answer, once more on the same ticket
    effort_shares: tuple[float, ...] = (0.03, 0.05, 0.08, 0.12, 0.22, 0.28, 0.22)
    effort_shares_complaint: tuple[float, ...] = (0.12, 0.14, 0.16, 0.18, 0.18, 0.13, 0.09)

    # Campaigns.
    sends_per_person_month: float = 0.083
    bounce_share: float = 0.02
    coupon_response: float = 0.035  # of delivered sends
    triggered_share: float = 0.5  # of complaining persons: a contact puts them on the list
    open_complaint_kept: float = 1.0  # share of such sends that still go out ...
    open_complaint_kept_after: float = 0.15  # ... and after the send check came

    # Ads of the paid campaigns.
    ad_share: float = 0.10  # of their media
    ad_thousand_price: float = 9.0  # EUR for 1,000 impressions
    ad_click_rate: float = 0.011  # of impressions
    ad_frequency: float = 1.6  # impressions for each person on a day

    # Social.
    mentions_per_person_month: float = 0.0095
    sentiment_shares: tuple[float, float, float] = (0.24, 0.30, 0.46)  # negative first
    backlash_mentions: float = 0.014  # per person of the company's size
    handle_share: float = 0.30
    linked_share: float = 0.75  # of those with a handle
    advocate_share: float = 0.30  # of those with a handle: they write most of the praise
    stranger_share: float = 0.15  # of mentions
    german_share: float = 0.05
    unsupported_share: float = 0.02
    response_rate: float = 0.70  # of mentions, within 24 hours
    response_rate_after: float = 0.80  # from the month of the send check on
    social_reply_median: float = 95.0
    social_reply_sigma: float = 1.0
    crisis_first_reply_hours: float = 19.0
    crisis_response_rate: float = 0.25
    repost_share: float = 0.10
