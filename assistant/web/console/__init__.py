"""The seller's console: pages that a shop's people sign in to."""
