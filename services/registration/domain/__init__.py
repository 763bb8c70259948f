"""The rules of meetups, seats, registrations and attendance. Pure: time and ids are passed in, nothing is read or written."""
