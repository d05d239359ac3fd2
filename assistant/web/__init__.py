"""HTTP, websockets and pages: thin edges around the house."""
