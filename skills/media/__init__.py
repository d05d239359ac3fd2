"""Search and playback of audio and video catalogues."""
