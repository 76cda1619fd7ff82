"""Risk: two persons are taken for one, or one for two, by how somebody wrote a number."""

import hashlib

import pytest

from analytics.identifiers.normalising import (
    NO_ADDRESS,
    NO_COUNTRY,
    NO_NUMBER,
    OF_NOTHING,
    ROLE_MAILBOX,
    Rules,
    normalised,
)

GERMAN = Rules(phone_country="DE")


def phone(written: str, rules: Rules = GERMAN) -> str | None:
    """Return a phone as it is compared, None if it is refused."""
    identifier = normalised("phone", written, rules)
    return None if identifier.refusal else identifier.compared


@pytest.mark.parametrize("written", ["+44 (0)20 7946 0958", "+442079460958", "0044 20 7946 0958"])
@pytest.mark.parametrize("rules", [Rules(), GERMAN])
def test_one_number_in_many_notations_is_one(written: str, rules: Rules):
    assert phone(written, rules) == "+442079460958"


def test_a_number_without_country_code_is_of_the_companys_country():
    assert phone("030 / 1234567") == phone("+49 30 1234567") == "+49301234567"
    assert phone("020 7946 0958", Rules(phone_country="GB")) == "+442079460958"
    refused = normalised("phone", "030 1234567", Rules())
    assert refused.refusal == NO_COUNTRY


def test_a_number_that_a_table_made_a_fraction_is_the_number():
    """A column of numbers with gaps is one of fractions in many tools."""
    assert phone("1701234567.0") == phone("+49 170 1234567") == "+491701234567"
    assert phone("00491701234567.0", Rules()) == "+491701234567"


@pytest.mark.parametrize("written", ["0000000", "0", "12", "n/a", "+1 555 0100", "x" * 1_000])
def test_what_can_ring_nowhere_is_refused(written: str):
    assert normalised("phone", written, GERMAN).refusal == NO_NUMBER


def test_colleagues_with_extensions_are_not_one():
    assert phone("+1 202-555-0143 x12") == "+12025550143;ext=12"
    assert phone("+1 202-555-0143") == "+12025550143"


@pytest.mark.parametrize("written", ["Ann@Example.org", "  ann@example.org\t", "ANN@EXAMPLE.ORG"])
def test_case_and_blanks_make_no_other_mailbox(written: str):
    assert normalised("email", written, GERMAN).compared == "ann@example.org"


def test_a_tag_after_a_plus_makes_another_mailbox():
    assert normalised("email", "ann+shop@example.org", GERMAN).compared == "ann+shop@example.org"


@pytest.mark.parametrize(
    "written",
    [
        *("n/a", "@", "ann@", "ann at example.org", "a b@example.org", "<ann@example.org>"),
        *("mailto:ann@example.org", "ann@example.org.", "ann\u200b@example.org"),
    ],
)
def test_what_is_no_address_is_refused(written: str):
    assert normalised("email", written, GERMAN).refusal == NO_ADDRESS


@pytest.mark.parametrize("written", ["team@acme.example", "Info@acme.example", "info+de@a.example"])
def test_a_role_mailbox_is_refused(written: str):
    assert normalised("email", written, GERMAN).refusal == ROLE_MAILBOX


def test_role_mailboxes_are_the_companys_choice():
    rules = Rules(role_mailboxes=("crew", "desk@acme.example"))
    assert normalised("email", "info@acme.example", rules).refusal is None
    assert normalised("email", "desk@other.example", rules).refusal is None
    assert normalised("email", "crew@acme.example", rules).refusal == ROLE_MAILBOX
    assert normalised("email", "desk@acme.example", rules).refusal == ROLE_MAILBOX


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize("kind", ["email", "phone"])
def test_a_hash_is_compared_as_it_is(algorithm: str, kind: str):
    hashed = hashlib.new(algorithm, b"ann@example.org").hexdigest()
    found = normalised(kind, f" {hashed.upper()} ", GERMAN)
    assert (found.compared, found.refusal) == (hashed, None)


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
def test_the_hash_of_nothing_is_nobodys(algorithm: str):
    assert normalised("email", hashlib.new(algorithm).hexdigest(), GERMAN).refusal == OF_NOTHING


def test_other_settings_read_everything_again():
    fingerprints = {rules.fingerprint for rules in (Rules(), GERMAN, Rules(role_mailboxes=()))}
    assert len(fingerprints) == 3
    assert Rules().fingerprint == Rules().fingerprint
