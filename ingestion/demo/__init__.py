"""The demo company: a simulated shop with two departments in which every truth is planted.

Nothing here knows the warehouse; the company shows itself only as a real one would, by
exports in a folder and by a Mastodon server.
"""
