"""How far data may stray at each gate, as the user configured it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ArrivalLimits:
    """Limits of gate 1; without brands any brand is welcome, without days no age is too old.

    `has_phone_country` says that phones without a country code can be read; `sources` are the
    names of all that are configured.
    """

    minimum_volume_share: float
    maximum_volume_ratio: float
    freshness_days: float | None
    maximum_quarantined_share: float
    maximum_folded_share: float
    brands: tuple[str, ...] = ()
    has_phone_country: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublishLimits:
    """Limits of gate 2; `maximum_jump` is a share of the value that was published."""

    maximum_jump: float
