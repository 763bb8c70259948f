"""The mails themselves: words, calendar part and wire format. Everything here is a function of what it is given."""
