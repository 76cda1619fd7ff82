"""A believable set of marts for tests of page, exports and publication.

Writes marts.* by generated series and the real metric definitions; what is on a card and in
the rows behind it agrees. It stands in for dbt, so no metric's logic belongs here.
"""

import csv
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).parents[2]
AS_OF = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
FRESH = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)
MONTHS = [date(2024 + (10 + k) // 12, (10 + k) % 12 + 1, 1) for k in range(25)]
BRANDS = {"Northwind": 1.03, "Harbour": 0.97}
CHANNELS = {"web": 1.02, "store": 0.99, "app": 1.05, "phone": 0.9}


@dataclass(frozen=True)
class Series:
    """How one metric runs: level, yearly drift, noise, season, n, target and verdicts."""

    level: float
    drift: float = 0
    noise: float = 0.5
    season: float = 0
    n: int = 9_000
    target: float | None = None
    verdicts: tuple[str, str | None] = ("no_signal", None)


SERIES = {
    "advocating_retained_share": Series(11.8, 1.6, 0.25, 0, 9_400, 14, ("improving", "may_miss")),
    "retention_rate": Series(71.5, 1.1, 0.5, 0.4, 9_400, 73, ("no_signal", "will_meet")),
    "cohort_retention": Series(24.0, -1.8, 0.9, 1.2, 640, 25, ("worsening", "may_miss")),
    "reactivation_rate": Series(3.1, 0.2, 0.2, 0.3, 4_100, 3.5, ("no_signal", "may_miss")),
    "new_customers": Series(610, 40, 24, 60, 640, None, ("no_signal", None)),
    "repeat_purchase_rate": Series(46.0, 1.8, 0.4, 0, 8_800, 48, ("improving", "will_meet")),
    "net_revenue_retention": Series(96.0, 1.5, 1.4, 2, 5_200, 100, ("no_signal", "may_miss")),
    "rfm_segment": Series(38.6, 0.8, 0.35, 0, 8_800, None, ("no_signal", None)),
    "campaign_roi": Series(142, -12, 16, 10, 18, 120, ("no_signal", "will_meet")),
    "nps": Series(31, 4, 1.8, 0, 412, 40, ("no_signal", "may_miss")),
    "advocacy_rate": Series(13.2, 1.5, 0.3, 0, 9_100, 15, ("improving", "may_miss")),
    "net_sentiment": Series(18, -6, 2.4, 0, 1_840, 20, ("worsening", "cannot_meet")),
    "csat": Series(84, 0.8, 0.9, 0, 1_120, 85, ("no_signal", "may_miss")),
    "social_response_rate_24h": Series(61, 9, 1.9, 0, 930, 80, ("improving", "may_miss")),
    "open_complaint_send_rate": Series(2.6, -0.5, 0.15, 0, 21_400, 0, ("improving", "cannot_meet")),
    "first_reply_time": Series(214, -22, 12, 0, 1_380, 180, ("improving", "may_miss")),
    "full_resolution_time": Series(2_900, -100, 160, 0, 1_380, 2_880, ("no_signal", "may_miss")),
    "social_reply_time": Series(96, -8, 7, 0, 930, None, ("no_signal", None)),
    "cost_per_person_reached": Series(
        1.84, 0.3, 0.06, 0, 14_200, 1.9, ("worsening", "cannot_meet")
    ),
}
SUPPRESSED_SEGMENT = ("generation", "before 1946")
SCORECARD_TYPES = {
    "metric_id": "text",
    "period_start": "date",
    "period_grain": "text",
    "segment_name": "text",
    "segment_value": "text",
    "value": "numeric",
    "unit": "text",
    "numerator": "numeric",
    "denominator": "numeric",
    "n": "bigint",
    "ci_low": "numeric",
    "ci_high": "numeric",
    "prior_year_value": "numeric",
    "target": "numeric",
    "signal": "text",
    "target_status": "text",
    "is_partial": "boolean",
    "suppressed_reason": "text",
    "left_out": "text",
    "data_as_of": "timestamptz",
    "definition_version": "text",
    "limit_low": "numeric",
    "limit_mean": "numeric",
    "limit_high": "numeric",
    "signal_rule": "text",
    "refreshed_at": "timestamptz",
}

CRISIS_TYPES = {
    "brand": "text",
    "period_start": "date",
    "began_at": "timestamptz",
    "peaked_at": "timestamptz",
    "ended_at": "timestamptz",
    "peak_count": "bigint",
    "peak_expected": "numeric",
    "negative_count": "bigint",
    "reach": "bigint",
    "first_reply_minutes": "numeric",
    "days_to_baseline": "numeric",
    "campaign_key": "text",
    "campaign_name": "text",
    "campaign_mention_count": "bigint",
    "promise": "text",
    "promise_mention_count": "bigint",
    "product": "text",
    "product_mention_count": "bigint",
    "sample_message_keys": "text",
    "is_crisis": "boolean",
    "is_replied": "boolean",
    "is_over": "boolean",
}


def definitions() -> list[dict[str, str]]:
    """Read the project's own metric definitions."""
    with (ROOT / "dbt_project/seeds/metric_definitions.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def seed(url: str, without: frozenset[str] = frozenset()) -> None:
    """Fill marts.* with 24 complete months and a running one, but for the metrics `without`."""
    with psycopg.connect(url) as connection:
        connection.execute("drop schema if exists marts cascade; create schema marts")
        _definitions(connection)
        _table(connection, "scorecard", SCORECARD_TYPES)
        _copy(connection, "scorecard", SCORECARD_TYPES, list(_scorecard(without)))
        _absences(connection, without)
        _owners(connection)
        _trust(connection)
        _rows(connection)


def seed_crises(url: str) -> None:
    """Add three crises: one that is on, one that is over, and one of another brand."""
    with psycopg.connect(url) as connection:
        _table(connection, "crises", CRISIS_TYPES)
        rows = [
            _crisis("Northwind", 0, 231, None, None),
            _crisis("Northwind", 90, 12, 95, 2.5),
            _crisis("Harbour", 400, 2_104, None, 9.25),
        ]
        _copy(connection, "crises", CRISIS_TYPES, rows)


EVENTS = {
    "solved_complaint": (6.0, 2.0, 10.0),
    "broken_promise": (-5.0, -9.0, -1.0),
    "complaint": (1.0, -3.0, 5.0),
    "unanswered_mention": None,
}
# What comes of an event is known 90 days later.
# How many days ago things happened to the person whose story is told.
STORY = {"opened": 9, "sent": 8, "replied": 7, "solved": 5}
EVENT_MONTHS = MONTHS[:-4]
MATCHED = 400
SHARES = {("department", "service"): 14.0, ("department", "marketing"): 8.0}
COMPARISON_TYPES = {
    "period_start": "date",
    "event": "text",
    "outcome": "text",
    "retention_effect_count": "numeric",
    "retention_matched_count": "bigint",
}


def seed_joint(url: str) -> None:
    """Add what departments owe each other: retention after events, credit, and one crisis a month.

    In the third month complaints have too few persons, and in the fifth there is none. A cohort has
    a figure of month 7 as well.
    """
    with psycopg.connect(url) as connection:
        events = [_event(name, k) for name in EVENTS for k in range(len(EVENT_MONTHS))]
        rows = [row for row in events if row]
        rows += [
            _joint("joint_credit_share", month, segment, share, (share - 1, share + 1))
            for segment, share in {("company", "all"): 22.0, **SHARES}.items()
            for month in MONTHS
        ]
        rows.append(_joint("cohort_retention", MONTHS[-2], ("month_k", "7"), 11.0, (9.0, 13.0)))
        rows += [_joint("crisis_count", month, ("company", "all"), 1, None) for month in MONTHS]
        _copy(connection, "scorecard", SCORECARD_TYPES, rows)
        _table(connection, "matched_comparisons", COMPARISON_TYPES)
        _copy(connection, "matched_comparisons", COMPARISON_TYPES, list(_comparisons()))
        connection.execute(
            "create table marts.comparison_strata as select 'solved_complaint' as event,"
            " %s::date as period_start, recency, 2 as frequency, 0 as contacts,"
            " null::integer as money_third, generation, had_count, others_count,"
            " had_ordered_within_90_days, others_ordered_within_90_days from (values"
            " (30, 'Gen X', 300, 1000, 150, 440), (366, 'Gen X', 100, 200, 40, 68),"
            " (366, 'Gen Z', 3, 0, 1, 0)) t (recency, generation, had_count, others_count,"
            " had_ordered_within_90_days, others_ordered_within_90_days)",
            [EVENT_MONTHS[-1]],
        )


def _event(name: str, k: int) -> dict | None:
    segment, found = ("event", name), EVENTS[name]
    if name == "complaint" and k == 4:
        return None
    if found is None or (name == "complaint" and k == 2):
        row = _joint("retention_after", EVENT_MONTHS[k], segment, None, None)
        return row | {"suppressed_reason": "not enough comparable persons", "n": 17}
    row = _joint("retention_after", EVENT_MONTHS[k], segment, found[0], found[1:])
    return row | {"numerator": found[0] / 100 * MATCHED, "left_out": "3 of 403 persons not drawn"}


def _joint(
    metric_id: str,
    month: date,
    segment: tuple[str, str],
    value: float | None,
    interval: tuple[float, ...] | None,
) -> dict:
    low, high = interval or (None, None)
    is_partial = month == MONTHS[-1]
    return {
        "metric_id": metric_id,
        "period_start": month,
        "period_grain": "month",
        "segment_name": segment[0],
        "segment_value": segment[1],
        "value": value,
        "unit": next(row["unit"] for row in definitions() if row["metric_id"] == metric_id),
        "numerator": value,
        "denominator": MATCHED,
        "n": MATCHED,
        "ci_low": low,
        "ci_high": high,
        "signal": "too_little_data" if is_partial or value is None else "no_signal",
        "is_partial": is_partial,
        "data_as_of": _data_as_of(month),
        "definition_version": "1",
        "refreshed_at": AS_OF,
    }


def _comparisons() -> Iterator[dict]:
    for name, found in EVENTS.items():
        if found is not None:
            yield {
                "period_start": EVENT_MONTHS[-1],
                "event": name,
                "outcome": "ordered_within_90_days",
                "retention_effect_count": found[0] / 100 * MATCHED,
                "retention_matched_count": MATCHED,
            }


def _crisis(
    brand: str, days_ago: int, count: int, reply_minutes: float | None, days: float | None
) -> dict:
    began = FRESH - timedelta(days=days_ago, hours=5)
    return {
        "brand": brand,
        "period_start": began.date().replace(day=1),
        "began_at": began,
        "peaked_at": began + timedelta(hours=2),
        "ended_at": None if days is None else began + timedelta(days=days),
        "peak_count": count // 3,
        "peak_expected": 0.4,
        "negative_count": count,
        "reach": None if days is None else 31 * count,
        "first_reply_minutes": reply_minutes,
        "days_to_baseline": days,
        "campaign_key": None if days is None else "shop:spring",
        "campaign_name": None if days is None else "A spring for everybody, whatever the weather",
        "campaign_mention_count": None if days is None else count // 2,
        "is_crisis": True,
        "is_replied": reply_minutes is not None,
        "is_over": days is not None,
    }


def _table(connection: psycopg.Connection, name: str, types: dict[str, str]) -> None:
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
        for column, kind in types.items()
    )
    connection.execute(
        sql.SQL("create table {} ({})").format(sql.Identifier("marts", name), columns)
    )


def _copy(
    connection: psycopg.Connection, name: str, types: dict[str, str], rows: list[dict]
) -> None:
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier("marts", name), sql.SQL(", ").join(map(sql.Identifier, types))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row.get(column) for column in types])


def _definitions(connection: psycopg.Connection) -> None:
    rows = [{**row, "minimum_n": "30"} for row in definitions()]
    kinds = {"decimals": "integer", "minimum_n": "integer", "is_seasonal": "boolean"}
    types = {column: kinds.get(column, "text") for column in rows[0]}
    _table(connection, "metric_definitions", types)
    _copy(connection, "metric_definitions", types, [_blank_as_null(row) for row in rows])


def _blank_as_null(row: dict[str, str]) -> dict[str, str | None]:
    return {key: value or None for key, value in row.items()}


def _scorecard(without: frozenset[str]) -> Iterator[dict]:
    units = {row["metric_id"]: row["unit"] for row in definitions()}
    segments = {("company", "all"): 1.0}
    segments |= {("brand", name): factor for name, factor in BRANDS.items()}
    segments |= {("channel", name): factor for name, factor in CHANNELS.items()}
    segments |= {SUPPRESSED_SEGMENT: 1.0, ("generation", "1981 to 1996"): 0.98}
    for metric_id, series in SERIES.items():
        if metric_id in without:
            continue
        for segment, factor in segments.items():
            yield from _run(metric_id, units[metric_id], series, segment, factor)


def _run(
    metric_id: str, unit: str, series: Series, segment: tuple[str, str], factor: float
) -> Iterator[dict]:
    chance = random.Random(f"{metric_id}{segment}")
    values: list[float] = []
    n = series.n if segment[0] == "company" else max(12, series.n // 5)
    for k, month in enumerate(MONTHS):
        season = series.season * math.sin(2 * math.pi * (month.month - 3) / 12)
        drift = series.drift * (k - 12) / 12
        value = factor * (series.level + drift + season) + chance.gauss(0, series.noise)
        top = round(value * n / 100) if unit in {"percent", "segment"} else round(value)
        values.append(
            round(100 * top / n, 4) if unit in {"percent", "segment"} else round(value, 2)
        )
        identity = {
            "metric_id": metric_id,
            "period_start": month,
            "period_grain": "month",
            "segment_name": segment[0],
            "segment_value": segment[1],
            "unit": unit,
        }
        yield identity | _measured(series, identity, values, n, top)


def _data_as_of(month: date) -> datetime:
    """Return the newest record's time, or a moment in the last hours of a month that is over."""
    next_month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    end = datetime(next_month.year, next_month.month, 1, tzinfo=UTC) - timedelta(hours=6)
    return min(FRESH, end)


def _measured(series: Series, identity: dict, values: list[float], n: int, top: int) -> dict:
    unit, segment = identity["unit"], (identity["segment_name"], identity["segment_value"])
    is_partial = identity["period_start"] == MONTHS[-1]
    share = min(max(values[-1], 0), 100)
    half = 1.96 * math.sqrt(share * (100 - share) / n) if unit in {"percent", "segment"} else 0
    half = half or 0.06 * abs(values[-1])
    spread = max(2.66 * series.noise * 1.13, 0.01)
    is_hidden = segment == SUPPRESSED_SEGMENT
    is_plain = is_partial or is_hidden
    verdicts = series.verdicts if segment[0] == "company" else ("no_signal", None)
    mean = sum(values[:12]) / len(values[:12])
    return {
        "value": None if is_hidden else values[-1],
        "numerator": None if is_hidden else top,
        "denominator": None if is_hidden else n,
        "n": 17 if is_hidden else (n // 2 if is_partial else n),
        "ci_low": None if is_hidden else round(values[-1] - half, 3),
        "ci_high": None if is_hidden else round(values[-1] + half, 3),
        "prior_year_value": None if is_plain or len(values) < 13 else values[-13],
        "target": series.target if segment[0] == "company" else None,
        "signal": "too_little_data" if is_plain else verdicts[0],
        "target_status": None if is_plain else verdicts[1],
        "is_partial": is_partial,
        "suppressed_reason": "n < 30" if is_hidden else None,
        "left_out": None,
        "data_as_of": _data_as_of(identity["period_start"]),
        "definition_version": "1",
        "limit_low": mean - spread if len(values) >= 12 else None,
        "limit_mean": mean if len(values) >= 12 else None,
        "limit_high": mean + spread if len(values) >= 12 else None,
        "signal_rule": "8 on one side" if verdicts[0] in {"improving", "worsening"} else None,
        "refreshed_at": AS_OF,
    }


def _absences(connection: psycopg.Connection, without: frozenset[str]) -> None:
    types = {"metric_id": "text", "reason": "text", "missing": "text"}
    _table(connection, "metric_absences", types)
    needs = {
        row["metric_id"]: row["needs"].replace("_", " ").replace(",", ", ") for row in definitions()
    }
    rows = [
        {
            "metric_id": metric_id,
            "reason": f"no data: needs {needs[metric_id]}",
            "missing": needs[metric_id],
        }
        for metric_id in sorted(without)
    ]
    _copy(connection, "metric_absences", types, rows)


def _owners(connection: psycopg.Connection) -> None:
    types = {
        "metric_id": "text",
        "segment_name": "text",
        "segment_value": "text",
        "target": "numeric",
        "marketing_owner": "text",
        "service_owner": "text",
        "reason": "text",
        "valid_from": "date",
    }
    _table(connection, "scorecard_owners", types)
    rows = [
        {
            "metric_id": metric_id,
            "segment_name": "company",
            "segment_value": "all",
            "target": series.target,
            "marketing_owner": "Dana Ito",
            "service_owner": "Lee Okafor",
            "reason": "Agreed by both departments for 2026",
            "valid_from": date(2026, 1, 1),
        }
        for metric_id, series in SERIES.items()
        if series.target is not None
    ]
    _copy(connection, "scorecard_owners", types, rows)


def _trust(connection: psycopg.Connection) -> None:
    types = {
        "figure": "text",
        "subject": "text",
        "value": "numeric",
        "numerator": "numeric",
        "denominator": "numeric",
        "measured_at": "timestamptz",
    }
    _table(connection, "scorecard_trust", types)
    names = ("figure", "subject", "value", "numerator", "denominator", "measured_at")
    figures = [
        ("identity_match", "all", 97.9, 181_204, 185_091, FRESH),
        ("persons_joined", "email", 3.5, 1_622, 46_310, None),
        ("persons_joined", "phone", 0.6, 290, 46_310, None),
        ("persons_shared", "helpdesk + shop", 88.4, 12_870, 14_560, None),
        ("persons_shared", "mastodon + shop", 0, 0, 2_210, None),
        ("identifiers_refused", "email is a role mailbox", 0.3, 114, 41_006, None),
        ("identifiers_refused", "phone is no valid number", 1.4, 265, 18_740, None),
        ("quarantine", "all", 0.04, 128, 322_410, FRESH),
        ("freshness", "shop", None, None, None, FRESH),
        ("freshness", "helpdesk", None, None, None, FRESH),
        ("freshness", "mastodon", None, None, None, FRESH),
    ]
    _copy(connection, "scorecard_trust", types, [dict(zip(names, f, strict=True)) for f in figures])


def _rows(connection: psycopg.Connection) -> None:
    """Make the rows behind two cards, so that they add up in the latest complete month."""
    month = MONTHS[-2]
    totals = {
        row["metric_id"]: (int(row["numerator"]), int(row["denominator"]))
        for row in _scorecard(frozenset())
        if row["segment_name"] == "company" and row["period_start"] == month
    }
    retained, active = totals["retention_rate"]
    advocating, _ = totals["advocating_retained_share"]
    connection.execute(
        "create table marts.retention_by_person as select md5(k::text) as person_id,"
        " %(month)s::date as period_start, (array['1965 to 1980', '1981 to 1996'])[k %% 2 + 1]"
        " as generation, (array['web', 'store', 'app'])[k %% 3 + 1] as channel,"
        " (array['Northwind', 'Harbour'])[k %% 2 + 1] as brand, true as is_active_at_start,"
        " k <= %(retained)s as is_retained, k <= %(advocating)s as is_advocating_retained,"
        " 20 + k %% 90 as revenue, %(at)s::timestamptz as refreshed_at"
        " from generate_series(1, %(active)s) k",
        {
            "month": month,
            "retained": retained,
            "advocating": advocating,
            "active": active,
            "at": AS_OF,
        },
    )
    top, base = totals["net_sentiment"]
    named = {row["metric_id"]: row for row in definitions()}["net_sentiment"]
    query = sql.SQL(
        "create table marts.mentions as select 'mastodon:' || k as message_key,"
        " md5((k %% 700)::text) as person_id, '@somebody' as author_handle,"
        " %(month)s::date as period_start, 'mastodon' as channel, 'Northwind' as brand,"
        " 'en' as language,"
        " case when k <= %(top)s then 'Write to me at ann@example.org' else 'Hm' end as text,"
        " case when k <= %(top)s then 1 else 0 end as {}, 1 as {}"
        " from generate_series(1, %(base)s) k"
    ).format(sql.Identifier(named["rows_numerator"]), sql.Identifier(named["rows_denominator"]))
    connection.execute(query, {"month": month, "top": top, "base": base})


def seed_story(url: str) -> None:
    """Add what was sent into an open ticket of the first person behind the rows, and an answer."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "create table marts.conversations as select md5('1') as person_id,"
            " 'ticket:desk:7' as conversation_key, 'ticket' as conversation_kind,"
            " 'email' as channel, 'delivery' as topic, true as is_complaint, false as is_open,"
            " %(opened)s as opened_at, %(replied)s as first_reply_at, %(solved)s as solved_at",
            {name: FRESH - timedelta(days=days) for name, days in STORY.items()},
        )
        connection.execute(
            "create table marts.touches as select md5('1') as person_id, touched_at, kind,"
            " department, 'email' as channel, false as is_public, campaign, ticket_key,"
            " null::numeric as amount, null as text from (values"
            " (%(opened)s, 'ticket', null, 'none', 'desk:7'),"
            " (%(sent)s, 'opened', 'marketing', 'desk:k1', null),"
            " (%(replied)s, 'agent_message', 'service', 'none', 'desk:7'))"
            " t (touched_at, kind, department, campaign, ticket_key)",
            {name: FRESH - timedelta(days=days) for name, days in STORY.items()},
        )
