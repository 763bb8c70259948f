"""Owns meetups, organisations, people, registrations and attendance; the only home of personal data."""
