"""An acoustic model of our own: from sentences through synthetic speech to a trained network."""
