"""`rencontres demo`: a whole meetup, driven through the running network from outside, as people, mail and an organiser would."""
