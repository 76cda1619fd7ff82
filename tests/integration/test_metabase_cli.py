"""Risk: our fake answers as no Metabase does; Metabase's own command reads it after publishing.

Opt-in, since it needs Node and the command from the npm registry:
`npm install --prefix DIR @metabase/cli@0.3.1`, then CONCORD_TEST_MB=DIR/node_modules/.bin/mb.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.metabase_site import open_metabase

COMMAND = os.environ.get("CONCORD_TEST_MB")
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not COMMAND, reason="CONCORD_TEST_MB names no mb command (npm)"),
]


@pytest.mark.parametrize(("what", "least"), [("card", 50), ("dashboard", 3)])
def test_metabases_own_command_lists_what_we_published(
    database_url: str, tmp_path: Path, what: str, least: int
) -> None:
    with open_metabase(database_url, warehouse_url=database_url) as site:
        site.publish()
        done = subprocess.run(
            [str(COMMAND), what, "list", "--json"],
            env={
                **os.environ,
                "HOME": str(tmp_path),
                "MB_URL": site.fake.url,
                "MB_API_KEY": str(site.credentials.api_key),
                "MB_CLI_DISABLE_KEYRING": "1",
            },
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        made = {each["name"] for each in getattr(site.fake, f"{what}s").values()}
        assert answer["total"] == len(made) >= least
        assert {each["name"] for each in answer["data"]} <= made
        assert len(answer["data"]) == answer["returned"] > 0
