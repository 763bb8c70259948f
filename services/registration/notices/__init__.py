"""What people are told of their data and asked for, as versioned data: a text that was shown is never changed, only followed by another."""
