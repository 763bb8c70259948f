"""What every service stands on; no word of the business. Imports contracts only."""
