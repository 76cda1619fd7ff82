"""Risk: another account of the machine reads what Concord writes, or an export is locked up."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration import owners_only


@pytest.fixture(autouse=True)
def usual_umask(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin with a umask that lets everybody read, and end with the tests' own."""
    monkeypatch.setattr(owners_only, "_usual_umask", None)
    own = os.umask(0o022)
    yield
    os.umask(own)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_the_owners_but_for_those_that_somebody_asked_for(tmp_path: Path) -> None:
    owners_only.begin()
    owners_only.begin()
    (tmp_path / "log").touch()
    with owners_only.suspended():
        (tmp_path / "export").touch()
    (tmp_path / "page").touch()
    assert [rights(tmp_path / name) for name in ("log", "export", "page")] == [0o600, 0o644, 0o600]


def test_a_folder_is_the_owners_and_those_above_it_are_as_usual(tmp_path: Path) -> None:
    owners_only.begin()
    owners_only.make_folder(tmp_path / "srv" / "workspace")
    assert (rights(tmp_path / "srv"), rights(tmp_path / "srv" / "workspace")) == (0o755, 0o700)


def test_a_folder_that_an_earlier_version_left_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir(mode=0o755)
    owners_only.make_folder(tmp_path / "logs")
    assert rights(tmp_path / "logs") == 0o700
