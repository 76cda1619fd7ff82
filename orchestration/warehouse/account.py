"""The account that the embedded server runs under.

PostgreSQL refuses to run as root. Started as root, Concord runs it as `postgres`, else as
`nobody`, and lets that account pass through (not list, not read) the private directories
above the workspace and above the binaries. How the server is started does not belong here.
"""

import os
import pwd
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from orchestration.warehouse.errors import AccessError

_CANDIDATES = ("postgres", "nobody")
_ROOT = 0
_PASS = 0o1

# The kernel's form of a POSIX access list: a version, then entries sorted by tag and id.
# Written by hand because `setfacl` is not part of a fresh machine.
# https://www.kernel.org/doc/html/latest/filesystems/ext4/attributes.html
_ATTRIBUTE = "system.posix_acl_access"
_HEADER = struct.Struct("<I")
_ENTRY = struct.Struct("<HHI")
_VERSION = 2
_OWNER, _USER, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NO_ID = 0xFFFFFFFF

_Entry = tuple[int, int, int]


class RunAs(TypedDict, total=False):
    """The part of subprocess.run's arguments that says under which account a child runs."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An account of this machine; `None` in its place means: whoever runs us."""

    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Make this account the owner of `path`."""
        os.chown(path, self.uid, self.gid)

    def run_as(self) -> RunAs:
        """Return what subprocess needs to run a child under this account and no group more."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def service_account(data: Path) -> Account | None:
    """Return the account that the server of `data` must run under, None for our own."""
    if os.geteuid() != _ROOT:
        return None
    if data.exists() and (found := data.stat()).st_uid != _ROOT:
        return Account(found.st_uid, found.st_gid)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise AccessError(
        "PostgreSQL does not run as root, and this machine has neither the account 'postgres' "
        "nor 'nobody'. Run Concord as an ordinary user, or name a server in "
        "CONCORD_DATABASE_URL."
    )


def let_pass(account: Account, paths: Iterable[Path]) -> None:
    """Let `account` pass through every directory above `paths` that is closed to it."""
    directories = {parent for path in paths for parent in path.resolve().parents}
    for directory in sorted(directories):
        if not _may_pass(account, directory):
            _grant(account, directory)


def _may_pass(account: Account, directory: Path) -> bool:
    found = directory.stat()
    return bool(found.st_mode & _PASS) or found.st_uid == account.uid


def _grant(account: Account, directory: Path) -> None:
    entries = [*_without(account, _read_entries(directory)), (_USER, _PASS, account.uid)]
    body = b"".join(_ENTRY.pack(*entry) for entry in sorted(entries))
    try:
        os.setxattr(directory, _ATTRIBUTE, _HEADER.pack(_VERSION) + body)
    except (OSError, AttributeError) as error:
        raise AccessError(
            f"PostgreSQL does not run as root, and the account it runs under may not enter "
            f"{directory}, nor can an access list let it in there. Do one of these: "
            f"`chmod o+x {directory}`; put the workspace elsewhere with --workspace; run "
            "Concord as an ordinary user; or name a server in CONCORD_DATABASE_URL."
        ) from error


def _without(account: Account, entries: Iterable[_Entry]) -> list[_Entry]:
    """Return the entries less the account's own, with a mask that lets it pass."""
    kept = [entry for entry in entries if (entry[0], entry[2]) != (_USER, account.uid)]
    return [(tag, perm | _PASS if tag == _MASK else perm, name) for tag, perm, name in kept]


def _read_entries(directory: Path) -> list[_Entry]:
    try:
        raw = os.getxattr(directory, _ATTRIBUTE)
    except (OSError, AttributeError):
        return _entries_of_mode(directory.stat().st_mode)
    return list(_ENTRY.iter_unpack(raw[_HEADER.size :]))


def _entries_of_mode(mode: int) -> list[_Entry]:
    group = mode >> 3 & 0o7
    return [
        (_OWNER, mode >> 6 & 0o7, _NO_ID),
        (_GROUP, group, _NO_ID),
        (_MASK, group, _NO_ID),
        (_OTHER, mode & 0o7, _NO_ID),
    ]
