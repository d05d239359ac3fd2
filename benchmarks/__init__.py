"""What Sori measures of itself, beside its peers where they run here: `python -m benchmarks --list`."""
