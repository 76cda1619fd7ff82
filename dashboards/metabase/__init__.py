"""The scorecard in Metabase, as code: from the scorecard's definition to objects on the server.

`site` builds what there should be (`spec`), `publish` brings the server to it, `client` is the one
door to the server. Nothing about a metric is written here: titles, words, units, owners and targets
are the definition's and the warehouse's.
"""
