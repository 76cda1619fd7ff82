"""The scorecard in Metabase, as code: from the scorecard's definition to objects and back.

`spec` says what there should be, `client` is the one door to the server, `comparison` tells our
changes from a person's, `publish` brings the server to what the specification says. Nothing
about a metric is written here: titles, words, units, owners and targets are the definition's
and the warehouse's.
"""
