"""The rules: which event makes which mail, and what becomes of a mail that was refused. Pure: no clock, no database, no network."""
