"""`make audit`: what we take from others, what we know of it, and what we let slip. Why it is apart from `make check`: docs/adr/0035-what-an-audit-asks.md."""
