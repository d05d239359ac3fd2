"""Seeing what the bot would say before anybody else does: a simulator of the drafts, and a replay of real questions."""
