"""Which columns name a person, and who may see which."""

PERSONAL = frozenset({"email", "phone", "author_handle", "customer_key"})
"""Never published."""

WITHHELD = PERSONAL | {"person_id", "text"}
"""Kept from tools in which people ask freely: the same person in many rows, and people's words."""
