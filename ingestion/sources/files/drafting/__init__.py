"""First mappings of exports that nobody has mapped yet, guessed by names and by values.

A file's beginning is read (`samples`), compared with what systems call things (`synonyms`,
`stopgaps`, `vocabularies`) and with how they write them (`notations`). What a load would make of
the guess decides what of it is kept (`drafts`); `document` writes it as concord.toml, with a
comment where something was guessed.
"""
