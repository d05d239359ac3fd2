"""Makes the environments that the rest runs in; the standard library only, since nothing else is there yet."""
