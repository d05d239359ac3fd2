"""The demo's videos: pictures drawn by code to what is said, so that there is something to watch and leaf through."""

from skills.media.films.filming import film
from skills.media.films.script import shots

__all__ = ["film", "shots"]
