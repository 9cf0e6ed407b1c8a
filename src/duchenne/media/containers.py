"""Opening video files with PyAV: local files only, and only kinds that hold moving pictures."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any, Final

import av
from av.error import FFmpegError

from duchenne.errors import MediaError
from duchenne.media.source import shown

# Left out on purpose: playlists (hls, dash, concat), which open further files or addresses, and
# readers that take any text for pictures (tty).
_VIDEOS: Final = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,ogg,mxf,nut,ivf,dv,"
    "rm,wtv,gxf,yuv4mpegpipe,m4v,h264,hevc,obu,mjpeg,vc1,gif,h263,vvc,nuv,amv,swf"
)
_STILLS_BEYOND_PILLOW: Final = "exr_pipe,dpx_pipe,psd_pipe,tiff_pipe,qoi_pipe,jpegxl_pipe,hdr_pipe"
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
# What an MP4 or MOV file may begin with.
_MP4_BOXES: Final = frozenset({b"ftyp", b"mdat", b"free", b"skip", b"wide", b"pnot"})

# Tags that are not UTF-8 are no reason to refuse a video; from PyAV 19 on they never are.
_ANY_TAGS: Final[dict[str, Any]] = (
    {"metadata_errors": "replace"} if int(av.__version__.partition(".")[0]) < 19 else {}
)

av.logging.set_level(av.logging.PANIC)


def open_container(path: Path) -> Any:
    """The file's container.

    Raises:
        MediaError: it is no video that can be read.
    """
    _refuse_heic(path)
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": f"{_VIDEOS},{_STILLS_BEYOND_PILLOW}",
    }
    try:
        # Named as a local file: "http:..." or "concat:..." may be the beginning of a file name.
        return av.open(f"file:{path}", options=options, **_ANY_TAGS)
    except (FFmpegError, OSError, ValueError) as error:
        raise MediaError(_why(path, error)) from error


def video_stream(container: Any, path: Path, threads: int = 1) -> Any:
    """The container's moving pictures, ready to decode.

    Raises:
        MediaError: there are none, or none that can be decoded.
    """
    covers = av.stream.Disposition.attached_pic
    streams = [s for s in container.streams.video if not s.disposition & covers]
    if not streams:
        others = ", ".join(sorted({s.type for s in container.streams if s.type != "video"}))
        raise MediaError(
            f"{shown(path)} holds no pictures, only {others or 'a container'}: give a picture or "
            "a video."
        )
    stream = streams[0]
    if stream.codec_context is None:
        raise MediaError(
            f"{shown(path)} holds a video of a kind that cannot be decoded: save it as MP4 (H.264)."
        )
    stream.codec_context.thread_count = threads
    stream.thread_type = "AUTO" if threads > 1 else "NONE"
    return stream


def duration_of(container: Any, stream: Any) -> float | None:
    """Seconds that the stream announces, or else the container; None if neither does."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    tag = _clock(stream.metadata.get("DURATION", ""))
    if tag:
        return tag
    return float(container.duration / av.time_base) if container.duration else None


def _clock(text: str) -> float | None:
    """Seconds of ``00:01:02.500000000``, as Matroska writes them."""
    try:
        hours, minutes, seconds = text.strip().split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return None


def _refuse_heic(path: Path) -> None:
    head = _head(path)
    # FFmpeg would show one of the tiles that such a photograph is cut into.
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise MediaError(f"{shown(path)} is a HEIC picture: save it as JPEG or PNG first.")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(12)


def _why(path: Path, error: Exception) -> str:
    if _head(path)[4:8] in _MP4_BOXES and "moov atom not found" in str(error):
        return (
            f"{shown(path)} lacks the index at the end of an MP4 or MOV video, so it was cut off "
            "while being filmed or copied: get the whole file."
        )
    if isinstance(error, OSError) and error.errno in {errno.EACCES, errno.EPERM, errno.EIO}:
        return f"{shown(path)} cannot be read: {error.strerror}."
    return (
        f"{shown(path)} is neither a picture nor a video of a kind that can be read: give a whole "
        "JPEG, PNG, MP4, MOV, AVI, MKV or WebM file."
    )
