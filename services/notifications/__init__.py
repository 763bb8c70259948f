"""Who is told what, when: deliveries, their order, and the mails themselves. Keeps no name and no address."""
