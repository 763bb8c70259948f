"""Filling the reports anew from the stream, comparing, and putting the new set of tables in the place of the old."""
