"""The process that holds Rasa: it runs in Rasa's own environment and imports nothing of the service."""
