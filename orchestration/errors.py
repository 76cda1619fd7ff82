"""What can stop a command, apart from the configuration, the warehouse and the sources."""


class CommandError(Exception):
    """A command can't go on; the message says why and what to do."""


class RunInProgress(CommandError):
    """Another run holds the warehouse."""


class NothingPublished(CommandError):
    """There is no scorecard to show or write yet."""


class UnknownFinding(CommandError):
    """A finding was to be accepted that holds nothing."""


class NotExplained(CommandError):
    """A figure was asked for that can't exist: an unknown metric, month or segment."""


class NotConfigured(CommandError):
    """A source or an entity was named that isn't there to be shown."""


class NotWritten(CommandError):
    """No first configuration can be written."""


class MetabaseNotConfigured(CommandError):
    """No Metabase is configured to publish to."""


class UnknownSource(CommandError):
    """No source of this name is configured."""


class PageNotStarted(CommandError):
    """The page's server ended before it answered."""


class UnknownHost(CommandError):
    """The page was to be served at an address that this machine doesn't know."""


class PortInUse(CommandError):
    """Somebody else listens where the page was to be served."""
