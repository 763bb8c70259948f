"""What the services say to each other: event types, envelope, subjects, vocabularies. Imports nothing of ours."""
