"""What can go wrong with the warehouse, in words that say what to do.

    WarehouseError
    ├── NotReadyError      the embedded server was never set up here, or lost its password
    ├── StartError         the embedded server did not come up (with its last log lines)
    ├── StopError          the embedded server did not go down
    ├── WrongVersionError  a data directory or a server of another PostgreSQL version
    ├── AccessError        files, accounts or database rights are missing
    ├── UrlError           CONCORD_DATABASE_URL can't be used as it stands
    └── UnreachableError   the external server does not answer

No message ever holds a password.
"""


class WarehouseError(Exception):
    """Say why there is no warehouse to work with, and what to do about it."""


class NotReadyError(WarehouseError):
    """Say that the embedded server lacks something that an earlier start left behind."""


class StartError(WarehouseError):
    """Say that the embedded server did not come up, and show the end of its log."""

    def __init__(self, what: str, log_lines: list[str]) -> None:
        self.log_lines = log_lines
        shown = "\n".join(f"  {line}" for line in log_lines) or "  (the log is empty)"
        super().__init__(f"{what}\nThe end of the log:\n{shown}")


class StopError(WarehouseError):
    """Say that the embedded server did not go down in time."""


class WrongVersionError(WarehouseError):
    """Say which PostgreSQL version was found and which one is needed."""


class AccessError(WarehouseError):
    """Say which file, account or right is missing."""


class UrlError(WarehouseError):
    """Say what is wrong with the URL of an external server, without showing it."""


class UnreachableError(WarehouseError):
    """Say that an external server does not answer or does not let us in."""
