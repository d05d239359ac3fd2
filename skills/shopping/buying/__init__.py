"""Buying: cart, checkout, payment, orders and their receipts."""
