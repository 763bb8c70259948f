"""Benchmarks: each figure is a ratio to its own ceiling, measured in the same run on the same servers (`make bench`)."""
