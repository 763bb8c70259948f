"""Mail out: lanes are claimed, contacts asked for, mails written and handed to the mail server, results recorded."""
