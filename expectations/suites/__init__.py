"""What each gate asks of the data, as evidence and rules; how it is judged belongs elsewhere."""
