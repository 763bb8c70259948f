"""The three services. None imports another, reads another's database or calls another's HTTP API."""
