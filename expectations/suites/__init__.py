"""What each gate asks of the data, as suites of Great Expectations; running them is context.py's."""
