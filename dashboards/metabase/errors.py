"""Why Metabase could not be brought up to date.

Every message names the call, where there was one, its cause, and what to do. None holds a secret.
"""


class MetabaseError(Exception):
    """Metabase could not be brought up to date; the message says why and what to do."""


class Unreachable(MetabaseError):
    """Nobody answers at the configured address, or not in time."""


class NotSignedIn(MetabaseError):
    """The credentials are wrong, or there are none."""


class NotAllowed(MetabaseError):
    """The credentials are right, and may not do what is needed."""


class TooOld(MetabaseError):
    """The server is of a version whose API can't be spoken."""


class Refused(MetabaseError):
    """The server says that a call is wrong; `status` is its HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Missing(Refused):
    """There is no such object."""


class Outdated(Refused):
    """Somebody else changed the object since it was read."""


class ServerFailed(MetabaseError):
    """The server says that it failed."""


class AnswerBroken(MetabaseError):
    """The answer is cut off, or is not what the API describes."""


class NotKept(MetabaseError):
    """The server took a call without a word and dropped part of it."""


class Ambiguous(MetabaseError):
    """Two objects answer to one name, or one that isn't ours does."""


class WarehouseOutOfReach(MetabaseError):
    """Metabase can't connect to the warehouse."""


class ReaderNotMade(MetabaseError):
    """The role that Metabase reads with can't be made."""


class EmailNotConfigured(MetabaseError):
    """Subscriptions are configured, and Metabase has no way to send them."""
