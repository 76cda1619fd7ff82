"""Benchmarks: ratios, taken side by side in one run. No other package may import this one."""
