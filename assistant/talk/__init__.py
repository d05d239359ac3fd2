"""The hands-free loop of `./sori talk`: a client of the voice socket with this machine's microphone and loudspeaker."""
