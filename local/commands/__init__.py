"""The operator's commands, one a module; each imports what it runs when it runs, so that `--help` stays fast."""
