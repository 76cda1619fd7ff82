"""Risk: an identifier that was corrected at its source joins two persons for ever."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from ingestion import loading
from ingestion.sources import build
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres

SECTION = """
kind = "files"
[[entities]]
entity = "customer_identities"
path = "mails*.csv"
[entities.columns]
customer_id = "who"
identity_type = { value = "email" }
identity_value = "what"
[[entities]]
entity = "customer_identities"
path = "others.csv"
[entities.columns]
customer_id = "who"
identity_type = "kind"
identity_value = "what"
"""
MAILS, OTHERS = "who,what\n", "who,kind,what\n"


@dataclass(frozen=True)
class Company:
    """A folder of exports, and the warehouse that they load into."""

    folder: Path
    url: str

    def load(self, **files: str) -> list[tuple[str, str, str]]:
        """Write files, load, and return the identities that there are."""
        for name, text in files.items():
            path = self.folder / f"{name}.csv"
            path.write_text(text)
            os.utime(path, (10**9, 10**9))  # long settled
        source = build("shop", tomllib.loads(SECTION), self.folder)
        report = loading.load(source, self.url)
        assert report.is_balanced
        with psycopg.connect(self.url) as connection:
            return connection.execute(
                "select customer_id, identity_type, identity_value"
                " from raw.customer_identities order by 1, 2, 3"
            ).fetchall()


@pytest.fixture
def company(tmp_path: Path, copied: Copied) -> Company:
    return Company(tmp_path, copied(loading.prepare))


def test_a_corrected_address_leaves_and_splits_what_it_joined(company: Company):
    pair = MAILS + "0,pair0@x\n1,pair0@x\n2,pair1@x\n3,pair1@x\n"
    company.load(mails=pair, others=OTHERS)
    corrected = MAILS + "0,own0@x\n1,own1@x\n2,pair1@x\n3,pair1@x\n"
    assert company.load(mails=corrected) == [
        ("0", "email", "own0@x"),
        ("1", "email", "own1@x"),
        ("2", "email", "pair1@x"),
        ("3", "email", "pair1@x"),
    ]
    assert len(company.load()) == 4


def test_an_address_more_is_no_correction(company: Company):
    company.load(mails=MAILS + "0,a@x\n", others=OTHERS + "0,phone,1\n")
    appended = company.load(mails=MAILS + "0,a@x\n0,b@x\n")
    assert appended == [("0", "email", "a@x"), ("0", "email", "b@x"), ("0", "phone", "1")]


def test_what_other_files_and_sections_say_of_a_customer_stays(company: Company):
    company.load(mails=MAILS + "0,a@x\n", mails2=MAILS + "0,b@x\n", others=OTHERS + "0,email,c@x\n")
    changed = company.load(mails2=MAILS + "0,changed@x\n")
    assert [what for _, _, what in changed] == ["a@x", "c@x", "changed@x"]
    changed = company.load(others=OTHERS + "0,email,other@x\n")
    assert [what for _, _, what in changed] == ["a@x", "changed@x", "other@x"]


def test_what_a_refused_file_says_of_a_customer_stays(company: Company):
    company.load(mails=MAILS + "0,a@x\n", mails2=MAILS + "0,b@x\n", others=OTHERS)
    broken = company.load(mails=MAILS + "0,changed@x\n", mails2="who\n0\n")
    assert [what for _, _, what in broken] == ["a@x", "b@x", "changed@x"]
    mended = company.load(mails2=MAILS + "0,b@x\n")
    assert [what for _, _, what in mended] == ["b@x", "changed@x"]


def test_a_customer_of_whom_a_file_says_nothing_any_more_stays(company: Company):
    company.load(mails=MAILS + "0,a@x\n1,b@x\n", others=OTHERS)
    assert company.load(mails=MAILS + "1,c@x\n") == [("0", "email", "a@x"), ("1", "email", "c@x")]


def test_a_row_that_went_to_quarantine_takes_nothing_with_it(company: Company):
    company.load(mails=MAILS + "0,a@x\n", others=OTHERS)
    assert company.load(mails=MAILS + "0,\n") == [("0", "email", "a@x")]
