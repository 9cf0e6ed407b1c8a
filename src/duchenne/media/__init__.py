"""Media: pictures, videos, folders and cameras as one stream of frames with true times."""

from duchenne.media.frame import Frame
from duchenne.media.grabbing import grab
from duchenne.media.info import MediaInfo
from duchenne.media.stream import Media, find_sources, open_media

__all__ = ["Frame", "Media", "MediaInfo", "find_sources", "grab", "open_media"]
