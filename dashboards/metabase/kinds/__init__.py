"""The kinds of objects in Metabase: how each is found, read and written. One module a kind."""
