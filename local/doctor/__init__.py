"""`rencontres doctor`: what is wrong with a network, what it means, and how to mend it. It changes nothing and sends nothing unasked."""
