"""The mapping language: records of any source in, rows of the contract and rejects out.

A mapping says where each column of an entity comes from and how its text is read
(`declarations`); `apply.map_records` applies one to records. `settings` reads mappings out of
concord.toml, `convert` makes typed values of text. How records are fetched, from files or from
an API, and where rows go, does not belong here.
"""
