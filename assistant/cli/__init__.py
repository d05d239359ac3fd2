"""The command line. `parser` and `main` need nothing installed, so help and doctor always work."""
