"""Owns facts and roll-ups: what the network reaches, without knowing anybody."""
