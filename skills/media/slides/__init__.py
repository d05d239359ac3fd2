"""Scenes of a video to leaf through like a book: where each begins and ends, its sharpest picture, and what is said.

`changes` finds where the picture changes, `segmenting` where scenes begin, and `key_frames` which picture shows each;
these are pure. `looking` and `pictures` decode, and `making` puts it all together.
"""
