"""The guided set-up: from a name to a bot that answers, each step kept, skipped or come back to."""
