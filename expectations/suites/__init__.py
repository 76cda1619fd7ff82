"""What each gate asks of the data, as suites of Great Expectations; context.py runs them."""
