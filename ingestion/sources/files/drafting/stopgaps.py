"""What a column is where no name says it well: near names, constants, keys of several columns."""

from ingestion.sources.files.drafting.synonyms import CLOSED, CREATED, NET, words

# Names that say something close to what the column is, and what a reader should know of them.
LOOSE: dict[str, dict[str, str]] = {
    "customer_id": dict.fromkeys(
        words("requester_email, contact_email, customer_email, from_email, email_address, email"),
        "an e-mail address stands for the customer",
    ),
    "rated_at": dict.fromkeys(
        words("updated_at, last_update_time, solved_at") + CREATED,
        "the export has no time of the answer",
    ),
    "topic": dict.fromkeys(words("group, department"), "the group stands for the topic"),
    "solved_at": dict.fromkeys(CLOSED, "closed means solved"),
    "gross_amount": dict.fromkeys(NET, "what is left of the total after refunds"),
    "team": dict.fromkeys(words("group_id, team_id"), "a number stands for the team"),
}
# As people type it: two ways of writing one address would be two customers.
ADDRESS = {"strip": True, "lower": True}
# What a required column is where files have none, and why.
CONSTANTS: dict[tuple[str, str], tuple[bool | str, str]] = {
    ("messages", "is_public"): (False, "messages of tickets are seen by two sides only"),
    ("campaign_costs", "channel"): ("ads", "the export names no channel"),
    ("ad_days", "channel"): ("ads", "the export names no channel"),
    ("campaign_costs", "cost_kind"): ("media", "what advertising systems bill"),
}

# Columns that make a key where files have none, and why.
JOINED: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("campaign_touches", "touch_id"): (
        words("campaign_id, customer_id"),
        "a campaign is sent to a customer once",
    )
}
