"""The corporate scorecard: its definition, its page, its exports and how it is published.

Everything here reads the schema `published` only; the one exception is `publication`, which
fills that schema from the marts.
"""
