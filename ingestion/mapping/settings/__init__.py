"""Mappings as concord.toml has them: their keys, what each may hold, and the values they become."""
