"""What can go wrong with the warehouse; each message says what to do.

    WarehouseError
    ├── NotReadyError      the embedded server was never set up here, or lost its password
    ├── StartError         the embedded server did not start (with its last log lines)
    ├── StopError          the embedded server did not stop
    ├── WrongVersionError  a data directory or a server of another PostgreSQL version
    ├── AccessError        files, accounts or database rights are missing
    ├── UrlError           CONCORD_DATABASE_URL can't be used as it is
    └── UnreachableError   the external server does not answer

No message ever holds a password.
"""


class WarehouseError(Exception):
    """There is no warehouse to work with; the message says why, and what to do."""


class NotReadyError(WarehouseError):
    """The embedded server lacks a file that its first start made."""


class StartError(WarehouseError):
    """The embedded server did not start; the message ends with its last log lines."""

    def __init__(self, what: str, log_lines: list[str]) -> None:
        self.log_lines = log_lines
        shown = "\n".join(f"  {line}" for line in log_lines) or "  (the log is empty)"
        super().__init__(f"{what}\nThe end of the log:\n{shown}")


class StopError(WarehouseError):
    """The embedded server did not stop in time."""


class WrongVersionError(WarehouseError):
    """The message names the PostgreSQL version that was found and the one that is needed."""


class AccessError(WarehouseError):
    """A file, an account or a right is missing."""


class UrlError(WarehouseError):
    """The URL of an external server is wrong; the message doesn't show it."""


class UnreachableError(WarehouseError):
    """A server doesn't answer, or refuses the login."""
