"""Questions about a product, answered from what is known of it: each answer with where it comes from."""
