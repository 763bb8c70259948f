"""What stands between the site and those who would misuse it: limits, a challenge while under attack, no posts from other sites."""
