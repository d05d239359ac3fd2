"""Ways to talk with the house that are more than one request and one answer."""
