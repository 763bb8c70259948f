"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path, typer.Option("--data", envvar="RENCONTRES_DATA", help="Folder of the run: databases, streams, logs, state.")
]
"""A command that works on a run takes it with the default `local.run_state.DEFAULT_DATA`."""
