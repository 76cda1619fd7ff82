"""The raw tables of the Mastodon source: API-shaped, flattened, one row per object.

How a field is read from an answer belongs to rows.py; what it means to Concord belongs to the
staging models.
"""

from ingestion.contract import Column, Entity, Type


def _count(name: str, description: str) -> Column:
    return Column(name, Type.INTEGER, description, unit="count", minimum=0)


ACCOUNTS = Entity(
    "accounts",
    "one row per account that is a brand's or wrote a status",
    ("account_id",),
    (
        Column("account_id", Type.TEXT, "The server's id of the account", required=True),
        Column("acct", Type.TEXT, "Handle, with its server where that is another", required=True),
        Column("display_name", Type.TEXT, "Name shown"),
        Column("url", Type.TEXT, "Profile page"),
        Column("is_bot", Type.BOOLEAN, "Says of itself that it is automated"),
        Column("is_brand", Type.BOOLEAN, "Configured as a brand's account", required=True),
        Column("brand", Type.TEXT, "The brand it speaks for"),
        Column("created_at", Type.TIMESTAMP, "When the account was made", unit="UTC"),
        _count("followers_count", "Followers when last read"),
        _count("following_count", "Accounts it follows when last read"),
        _count("statuses_count", "Statuses when last read"),
    ),
)

STATUSES = Entity(
    "statuses",
    "one row per status by a brand, to a brand or in a brand's thread",
    ("status_id",),
    (
        Column("status_id", Type.TEXT, "The server's id of the status", required=True),
        Column("created_at", Type.TIMESTAMP, "When it was sent", required=True, unit="UTC"),
        Column("edited_at", Type.TIMESTAMP, "When it was last edited", unit="UTC"),
        Column("in_reply_to_id", Type.TEXT, "The status that it answers"),
        Column("in_reply_to_account_id", Type.TEXT, "Whose status it answers"),
        Column("reblog_of_id", Type.TEXT, "The status that it boosts"),
        Column("visibility", Type.TEXT, "public, unlisted, private or direct"),
        Column("language", Type.TEXT, "Language as the author's client set it"),
        Column("url", Type.TEXT, "Page of the status"),
        Column("spoiler_text", Type.TEXT, "Content warning"),
        Column("content_html", Type.TEXT, "The words as HTML"),
        Column("content_text", Type.TEXT, "The words as plain text"),
        Column("hashtags", Type.TEXT, "Hashtags in lower case, sorted, a space between"),
        Column("campaign_id", Type.TEXT, "The campaign whose configured hashtag it carries"),
        _count("favourites_count", "Favourites when last read"),
        _count("reblogs_count", "Boosts when last read"),
        _count("replies_count", "Replies when last read"),
        Column("account_id", Type.TEXT, "The author", required=True),
        Column("account_acct", Type.TEXT, "The author's handle", required=True),
        Column("account_is_bot", Type.BOOLEAN, "The author is automated"),
        _count("account_followers_count", "The author's followers when last read"),
        Column("author_of", Type.TEXT, "Handle of the brand account that wrote it"),
        Column("mention_of", Type.TEXT, "Handle of the brand account that it mentions"),
        Column("found_for", Type.TEXT, "Handle of the brand account it was found for"),
        Column("brand", Type.TEXT, "The brand that wrote it, else is mentioned, else it's under"),
    ),
)

AUDIENCE_SNAPSHOTS = Entity(
    "audience_snapshots",
    "one row per brand account and day of reading",
    ("account_id", "snapshot_date"),
    (
        Column("account_id", Type.TEXT, "The brand's account", required=True),
        Column("snapshot_date", Type.DATE, "The day, by the server's clock in UTC", required=True),
        _count("followers_count", "Followers on that day"),
    ),
)

TABLES = (ACCOUNTS, STATUSES, AUDIENCE_SNAPSHOTS)
