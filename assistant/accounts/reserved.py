"""What the console's own pages are called: no shop can have such an id."""

RESERVED = frozenset({"account", "invitation", "password", "shops", "sign-in", "sign-out", "unsent"})
