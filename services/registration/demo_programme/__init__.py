"""A made-up programme in every territory, marked as demo: to look at, to try and to measure with. Nobody real is in it."""
