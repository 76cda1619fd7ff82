"""Invented names, addresses and numbers: example.com, example.org and reserved phone ranges."""

import numpy as np

FIRST = (
    "Anna", "Ben", "Clara", "David", "Ela", "Finn", "Greta", "Hugo", "Ida", "Jonas", "Käthe",
    "Lars", "Mia", "Noah", "Ole", "Paula", "Rosa", "Sören", "Tilda", "Ulf", "Vera", "Willem",
    "Yara", "Zoë", "Jürgen", "Amélie", "Björn", "Chloé", "Dilan", "Emre",
)  # fmt: skip
LAST = (
    "Ahlers", "Böhm", "Claasen", "Dreyer", "Eberle", "Förster", "Grün", "Hallström", "Iversen",
    "Jäger", "Köhler", "Lindqvist", "Möller", "Nørgaard", "Olsen", "Pérez", "Quint", "Rößler",
    "Sørensen", "Thalberg", "Überall", "Voss", "Winther", "Yildiz", "Zander",
)  # fmt: skip
_PLAIN = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "ë": "e", "ø": "o", "Ü": "ue", "Ö": "oe",
})  # fmt: skip
# Areas that exist: 211 and its like call a service, and 710 is the government's.
_AREAS = [
    100 * hundred + rest for hundred in (2, 3, 4, 5, 6, 8, 9) for rest in range(1, 20) if rest != 11
]
SHARED_EMAIL = "reception@harbour-offices.example.org"
TERMINAL_EMAIL = "terminal-2@harbour-store.example.org"


def full_names(draws: np.ndarray) -> list[tuple[str, str]]:
    """Return first and last name for each draw."""
    return [(FIRST[d % len(FIRST)], LAST[d // 64 % len(LAST)]) for d in draws.tolist()]


def email(names: tuple[str, str], number: int) -> str:
    """Return an address that only this number has."""
    host = "example.com" if number % 3 else "example.org"
    first, last = (name.lower().translate(_PLAIN) for name in names)
    return f"{first}.{last}{number}@{host}"


def phone(number: int, spaced: bool = False) -> str:
    """Return a North American number from 555-0100 to 555-0199, which are kept for fiction.

    There are 12,600 in these areas; persons beyond have an extension, so that none is shared.
    """
    extension, position = divmod(number, 100 * len(_AREAS))
    area, last = _AREAS[position // 100], position % 100
    plain = f"+1 {area}-555-01{last:02d}" if spaced else f"+1{area}55501{last:02d}"
    return f"{plain}x{extension}" if extension else plain


def handle(names: tuple[str, str], number: int) -> str:
    """Return a network handle that only this number has."""
    return f"{names[0].lower().translate(_PLAIN)}_{number}"
