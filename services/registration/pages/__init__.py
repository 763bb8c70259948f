"""The public site, rendered on the server: programme, meetup with its form, registration, calendar file. Works without JavaScript."""
