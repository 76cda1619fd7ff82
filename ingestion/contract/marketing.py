"""Who was reached, where and for how much: networks and campaigns."""

from ingestion.contract.shapes import Entity, amount, count, date, flag, key, text, time

ENTITIES = (
    Entity(
        "social_accounts",
        "one row per account on a network",
        ("network", "account_id"),
        (
            key("network", "The network's name"),
            key("account_id", "The network's own id of the account"),
            text("handle", "The handle, without a leading @", required=True),
            flag("is_brand", "The account speaks for a brand", required=True),
            text("brand", "The brand it speaks for"),
            time("created_at", "When the account was made"),
            count("followers", "Followers now", minimum=0),
        ),
    ),
    Entity(
        "audience_snapshots",
        "one row per account and day",
        ("network", "account_id", "snapshot_date"),
        (
            key("network", "The network's name"),
            key("account_id", "The account"),
            date("snapshot_date", "The day", required=True),
            count("followers", "Followers on that day", minimum=0),
        ),
    ),
    Entity(
        "campaigns",
        "one row per campaign",
        ("campaign_id",),
        (
            key("campaign_id", "The source's own id of the campaign"),
            text("name", "What people call it"),
            text("channel", "Main channel: email, social, search, print"),
            text("brand", "The brand that it is for"),
            date("starts_on", "First day"),
            date("ends_on", "Last day", is_filled_later=True),
        ),
    ),
    Entity(
        "campaign_costs",
        "one row per campaign, channel, kind of cost and day",
        ("campaign_id", "channel", "cost_kind", "cost_date"),
        (
            key("campaign_id", "The campaign"),
            key("channel", "The channel the money went to"),
            text(
                "cost_kind", "What it paid for", required=True, values=("media", "labour", "tools")
            ),
            date("cost_date", "The day", required=True),
            amount("amount", "What it cost", required=True, minimum=0),
            text("currency", "ISO 4217; empty means the company's currency"),
        ),
        event_time="cost_date",
    ),
    Entity(
        "ad_days",
        "one row per ad campaign, channel and day",
        ("campaign_id", "channel", "ad_date"),
        (
            key("campaign_id", "The campaign"),
            key("channel", "The platform that showed it"),
            date("ad_date", "The day", required=True),
            count("impressions", "How often it was shown", minimum=0),
            count("clicks", "How often it was clicked", minimum=0),
            count(
                "reach",
                "Persons to whom it was shown on the day, as the platform counts them",
                minimum=0,
            ),
            amount("spend", "What the platform charged for it", required=True, minimum=0),
            text("currency", "ISO 4217; empty means the company's currency"),
        ),
        event_time="ad_date",
    ),
    Entity(
        "campaign_touches",
        "one row per send of a campaign to one customer",
        ("touch_id",),
        (
            key("touch_id", "The source's own id of the send"),
            text("campaign_id", "The campaign", required=True),
            text("customer_id", "Who it was sent to"),
            time("sent_at", "When", required=True),
            text("channel", "email, sms, push, print"),
            text(
                "status",
                "What became of it",
                values=("delivered", "bounced", "opened", "clicked"),
                is_decisive=True,
                is_progress=True,
            ),
            flag(
                "is_control",
                "Held back from the campaign at random: no send, but what sends are compared with",
                is_decisive=True,
            ),
            flag(
                "is_unsubscribed",
                "The person unsubscribed by it; a source that never says so doesn't know",
                is_occasional=True,
                is_filled_later=True,
            ),
        ),
        event_time="sent_at",
    ),
)
