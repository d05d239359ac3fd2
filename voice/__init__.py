"""Speech in and out: decoding, voice activity, end of turn, recognition and synthesis. Knows nothing of the product."""
