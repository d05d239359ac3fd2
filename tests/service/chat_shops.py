"""Shops whose people are always there, or never, whatever the clock says."""

OPEN, CLOSED = "corner", "closed-shop"
