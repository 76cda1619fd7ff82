"""Which touches a sale is owed to: removal effects of a Markov chain of the paths to sales.

Pure functions of numpy arrays in chains.py; the warehouse is read and written in keeping.py.
"""
