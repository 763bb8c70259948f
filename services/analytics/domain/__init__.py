"""Rules of the report: which events count, what each figure means, what is too small to be shown. No I/O."""
