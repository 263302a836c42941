"""Measures Grondslag against baselines and peers: `make bench`."""
