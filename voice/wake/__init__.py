"""Wake words: a phrase that wakes the assistant, found on the device, so that nothing said before it leaves there."""
