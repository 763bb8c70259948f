"""Faults under load: whatever is killed, stopped or lost while people register, nothing that was answered 201 is lost."""
