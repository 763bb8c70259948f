"""`rencontres trace`: the story of a registration for the terminal, from the console of a run or from Jaeger."""
