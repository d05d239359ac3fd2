"""Voice satellites: a Wyoming server, so that Home Assistant's microphones and loudspeakers can be Sori's."""
