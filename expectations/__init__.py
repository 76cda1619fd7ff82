"""The two gates: what may come in, and what readers may see."""
