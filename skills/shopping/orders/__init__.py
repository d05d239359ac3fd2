"""After the purchase: where an order is, taking it back, returns and exchanges, and who may ask."""
