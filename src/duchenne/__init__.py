"""Read displayed facial expressions in pictures and videos, on your own machine.

>>> import duchenne
>>> recording = duchenne.analyze("clip.mp4")  # doctest: +SKIP
>>> recording.to_frame()  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duchenne.errors import DuchenneError
    from duchenne.expressions import Expression, Expressions, find_expressions
    from duchenne.faces import Faces, FaceTracker
    from duchenne.genuineness.judgements import Judgements
    from duchenne.genuineness.judging import judge
    from duchenne.genuineness.verdict import Genuineness
    from duchenne.media import Frame, open_media
    from duchenne.recording import Recording
    from duchenne.recording.analyzer import Analyzer, Span
    from duchenne.synchrony import Synchrony

# Loaded when first touched: `import duchenne` must not wait for networks and tables.
_HOMES = {
    "Analyzer": "duchenne.recording.analyzer",
    "DuchenneError": "duchenne.errors",
    "Expression": "duchenne.expressions",
    "Expressions": "duchenne.expressions",
    "FaceTracker": "duchenne.faces",
    "Faces": "duchenne.faces",
    "Frame": "duchenne.media",
    "Genuineness": "duchenne.genuineness.verdict",
    "Judgements": "duchenne.genuineness.judgements",
    "Recording": "duchenne.recording",
    "Span": "duchenne.recording.analyzer",
    "Synchrony": "duchenne.synchrony",
    "find_expressions": "duchenne.expressions",
    "judge": "duchenne.genuineness.judging",
    "open_media": "duchenne.media",
}

__all__ = [
    "Analyzer",
    "DuchenneError",
    "Expression",
    "Expressions",
    "FaceTracker",
    "Faces",
    "Frame",
    "Genuineness",
    "Judgements",
    "Recording",
    "Span",
    "Synchrony",
    "analyze",
    "find_expressions",
    "judge",
    "open_media",
]


def analyze(  # noqa: PLR0913 - each is an option of the command line too
    source: str | Path,
    *,
    out: str | Path | None = None,
    every: int = 1,
    start: float | None = None,
    end: float | None = None,
    faces: int = 10,
    detector: str = "blazeface",
    neutral: str | Path = "auto",
) -> Recording:
    """Analyse one picture, video or folder of frames.

    Args:
        source: the file or folder, or ``camera:0``.
        out: write the recording into this folder as it grows; by default it stays in memory
            (about 40 MB a minute of video and face).
        every: look at every N-th frame only.
        start: begin here (s).
        end: stop here (s).
        faces: follow at most this many faces.
        detector: ``blazeface`` or ``haar``.
        neutral: the face at rest that Action Units are read against: ``auto`` finds each face's
            own, ``none`` takes the middle of many, or a picture of the person at rest.

    Returns:
        The recording: a row per frame and face.

    Raises:
        MediaError: the source cannot be read.
        ModelError: a model file cannot be had.
        DataError: an option makes no sense.
    """
    from duchenne.recording.analyzer import Analyzer, Span

    analyzer = Analyzer(detector=detector, max_faces=faces, neutral=neutral)
    span = Span(every=every, start=start, end=end)
    if out is None:
        return analyzer.run(source, span)
    return analyzer.write(source, Path(out), span)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'duchenne' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
