"""Owns deliveries: who is told what, in which order, once."""
