"""`python -m local` is `rencontres`."""

from local.cli import app

app()
