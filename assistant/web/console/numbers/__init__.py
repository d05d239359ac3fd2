"""The console's numbers: what happened in a span, the conversations behind it, as pictures and as tables."""
