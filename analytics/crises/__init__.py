"""Crises: hours in which a brand has more negative mentions than its last eight weeks explain.

Pure functions of numpy arrays in baseline.py and detection.py; the warehouse is read and written in
keeping.py. What a crisis is linked to, and how it is shown, belongs to the dbt models.
"""
