"""Measured beside something else in the same run, on the same machine, as ratios."""
