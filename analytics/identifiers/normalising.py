"""One way of writing an e-mail or a phone, so that two of them can be compared.

Pure functions. What is kept of the result belongs to keeping.py, which records an identifier
makes one person to dbt.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

# Raise it when the same identifier and settings begin to give another result.
_RULES_VERSION = 2

# Mailboxes that several people read, or that stand for no address at all.
ROLE_MAILBOXES = (
    "accounting", "accounts", "admin", "anonymous", "billing", "bookings", "buchhaltung",
    "contact", "customerservice", "do-not-reply", "donotreply", "empfang", "enquiries", "guest",
    "hello", "help", "helpdesk", "hr", "info", "invoice", "invoices", "jobs", "kontakt", "mail",
    "marketing", "no-reply", "no_reply", "nobody", "noemail", "nomail", "none", "noreply",
    "office", "orders", "postmaster", "purchasing", "rechnung", "reception", "reservations",
    "sales", "service", "shop", "support", "team", "test", "unknown", "webmaster",
)  # fmt: skip

NO_ADDRESS = "is no e-mail address"
NO_NUMBER = "is no valid number"
NO_COUNTRY = "has no country code, and there is no phone_country"
OF_NOTHING = "is the hash of an empty text"
ROLE_MAILBOX = "is a role mailbox"

# What stands around or between addresses, and signs that nobody sees, are no part of one.
_PART = r"[^@\s<>()\[\]:;,\u200b-\u200f\u2060\ufeff]+"
_ADDRESS = re.compile(rf"{_PART}@{_PART}(?<!\.)")
# MD5, SHA-1 and SHA-256, as tools write them that may not hand out the address itself.
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")
_HASHES_OF_NOTHING = {
    hashlib.new(name, usedforsecurity=False).hexdigest() for name in ("md5", "sha1", "sha256")
}
# A whole number that some tool took for a fraction: its 0 is no digit to dial.
_FRACTION = re.compile(r"(\d+)\.0+")
_INTERNATIONAL_PREFIX = re.compile(r"^\s*00")


@dataclass(frozen=True)
class Rules:
    """What the company decides: the country of numbers without one, and its role mailboxes.

    A role mailbox is a name before the @, or a whole address.
    """

    phone_country: str | None = None
    role_mailboxes: tuple[str, ...] = ROLE_MAILBOXES

    @cached_property
    def fingerprint(self) -> str:
        """Return a text that differs where an identifier may be read in another way."""
        parts = (_RULES_VERSION, version("phonenumbers"), self.phone_country, self.role_mailboxes)
        return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Identifier:
    """An identifier as it is compared; one with a `refusal` can't recognise a person."""

    compared: str
    refusal: str | None = None


def normalised(kind: str, written: str, rules: Rules) -> Identifier:
    """Return an e-mail or a phone as it is compared with others of its kind."""
    text = written.strip().lower()
    if _HASH.fullmatch(text):
        return Identifier(text, OF_NOTHING if text in _HASHES_OF_NOTHING else None)
    return _email(text, rules) if kind == "email" else _phone(text, rules.phone_country)


def _email(address: str, rules: Rules) -> Identifier:
    """Keep what follows a plus: not every server takes it for a note to oneself."""
    if not _ADDRESS.fullmatch(address):
        return Identifier(address, NO_ADDRESS)
    mailbox = address.partition("@")[0].partition("+")[0]
    is_role = mailbox in rules.role_mailboxes or address in rules.role_mailboxes
    return Identifier(address, ROLE_MAILBOX if is_role else None)


def _phone(written: str, country: str | None) -> Identifier:
    """Write a number as E.164; an extension stays, for it is what tells colleagues apart."""
    # Where a country is known, the library knows its own prefix.
    whole = _FRACTION.fullmatch(written)
    text = whole[1] if whole else written
    text = text if country else _INTERNATIONAL_PREFIX.sub("+", text)
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        is_national = not country and not text.startswith("+")
        return Identifier(written, NO_COUNTRY if is_national else NO_NUMBER)
    if not phonenumbers.is_valid_number(number):
        return Identifier(written, NO_NUMBER)
    compared = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Identifier(f"{compared};ext={number.extension}" if number.extension else compared)
