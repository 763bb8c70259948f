"""What an attendee sees after having sent the form: behind a mailed link, which is the only account there is."""
