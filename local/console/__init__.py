"""The local console: mailbox, traces and health of a network running on this machine. Everything it shows lives in memory."""
