"""Risk: the look-out that proves that nothing calls home is asleep."""

import os
import subprocess
import sys
from pathlib import Path

from tests.fixtures.lookout import Lookout

_CALLS = """
import contextlib, os, socket, subprocess, sys
with contextlib.suppress(OSError):
    socket.getaddrinfo("telemetry.invalid", 443)
with contextlib.suppress(OSError):
    socket.create_connection(("127.0.0.1", 1), timeout=1)
if len(sys.argv) == 1:
    subprocess.run([sys.executable, __file__, "child"], check=True)
assert "DO_NOT_TRACK" not in os.environ
"""


def test_look_ups_and_connections_of_a_process_and_its_children_are_noted(tmp_path: Path) -> None:
    lookout = Lookout(tmp_path / "lookout")
    (tmp_path / "calls.py").write_text(_CALLS)
    environment = lookout.environment({**os.environ, "DO_NOT_TRACK": "1"})
    subprocess.run([sys.executable, tmp_path / "calls.py"], env=environment, check=True)
    assert lookout.hosts() >= {"telemetry.invalid", "127.0.0.1"}
    assert lookout.strangers() == {"telemetry.invalid"}
    notes = (lookout.folder / "contacts").read_text().splitlines()
    assert notes.count("telemetry.invalid") == 2
