"""What outlives a turn: conversations and their turns, in SQLite or PostgreSQL."""
