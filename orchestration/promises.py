"""What concord.toml may say of promises: what was claimed, and what an experience has to keep to.

Whether it was kept is computed in SQL (dbt_project/models/intermediate/promises).
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ingestion.sections import Filled, Section, wrong

WAITS = ("first_reply", "resolution", "delivery")


class Promise(Section):
    """A promise to customers, with an owner in each department.

    Waits are measured in minutes, a delivery from the instant on that was promised for its order;
    a rating in points of its scale, an experience in the unit that its source measures in.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    claim: Filled
    measure: Literal["first_reply", "resolution", "delivery", "rating", "experience"]
    experience: Filled | None = None
    scale_max: int | None = Field(default=None, ge=1)
    at_most: float | None = Field(default=None, ge=0)
    at_least: float | None = None
    brand: Filled | None = None
    channel: Filled | None = None
    campaigns: tuple[Filled, ...] = ()
    topic: Filled | None = None
    valid_from: date
    valid_to: date | None = None
    marketing_owner: Filled
    service_owner: Filled

    @model_validator(mode="after")
    def _says_what_is_measured(self) -> Self:
        if (self.measure == "experience") != (self.experience is not None):
            raise wrong(
                'experience names what a source measures, and goes with measure = "experience"',
                'Write measure = "experience" and experience = "minutes_on_hold", say',
            )
        if (self.measure == "rating") != (self.scale_max is not None):
            raise wrong(
                'scale_max is the best rating there is, and goes with measure = "rating"',
                "Write scale_max = 5, say; ratings on other scales are not subject to the promise",
            )
        return self

    @model_validator(mode="after")
    def _has_one_threshold(self) -> Self:
        if self.measure == "delivery" and self.at_most is None and self.at_least is None:
            return self
        if (self.at_most is None) == (self.at_least is None):
            raise wrong("a promise has one threshold", "Write either at_most or at_least")
        if self.measure in WAITS and self.at_most is None:
            raise wrong(
                f"{self.measure} is a wait, which is promised to be at most so long",
                "Write at_most, in minutes",
            )
        return self

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.valid_to and self.valid_to < self.valid_from:
            raise wrong("valid_to is before valid_from", "Write the earlier day first")
        return self

    @property
    def threshold(self) -> tuple[float | None, float | None]:
        """Return at_most and at_least; a delivery is late from its promised instant on."""
        if self.at_most is None and self.at_least is None:
            return 0, None
        return self.at_most, self.at_least

    @property
    def measured(self) -> str:
        """Return what is measured, in the words of int_promised_experiences."""
        if self.experience:
            return f"experience {self.experience}"
        return f"rating of {self.scale_max}" if self.scale_max else self.measure


def _with_ids_of_their_own(promises: tuple[Promise, ...]) -> tuple[Promise, ...]:
    ids = [promise.id for promise in promises]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise wrong(f"{', '.join(twice)} is there twice", "Give each promise an id of its own")
    return promises


Promises = Annotated[tuple[Promise, ...], AfterValidator(_with_ids_of_their_own)]
