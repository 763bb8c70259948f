"""The programme in all its shapes: list, month, first steps, what is past, feeds and site map, all by the same filters."""
