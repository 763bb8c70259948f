"""The public statistics page, rendered on the server; works without JavaScript."""
