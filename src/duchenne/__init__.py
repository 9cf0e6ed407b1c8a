"""Read displayed facial expressions in pictures and videos, on your own machine.

>>> import duchenne
>>> recording = duchenne.analyze("clip.mp4")  # doctest: +SKIP
>>> recording.to_frame()  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duchenne.errors import DuchenneError
    from duchenne.evaluation.audit import Audit
    from duchenne.expressions import Expression, Expressions, find_expressions
    from duchenne.faces import Faces, FaceTracker
    from duchenne.genuineness.judgements import Judgements
    from duchenne.genuineness.judging import judge
    from duchenne.genuineness.verdict import Genuineness
    from duchenne.media import Frame, open_media
    from duchenne.recording import Recording
    from duchenne.recording.analyzer import Analyzer, Span
    from duchenne.synchrony import Synchrony
    from duchenne.weights.card import load_card

# Loaded when first touched: `import duchenne` must not wait for networks and tables.
_HOMES = {
    "Analyzer": "duchenne.recording.analyzer",
    "Audit": "duchenne.evaluation.audit",
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
    "load_card": "duchenne.weights.card",
    "open_media": "duchenne.media",
}

__all__ = [
    "Analyzer",
    "Audit",
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
    "audit",
    "find_expressions",
    "judge",
    "load_card",
    "open_media",
    "save_report",
]


def analyze(  # noqa: PLR0913 - each is an option of the command line too
    source: str | Path,
    *,
    out: str | Path | None = None,
    every: int = 1,
    start: float | None = None,
    end: float | None = None,
    fps: float | None = None,
    faces: int = 10,
    detector: str = "blazeface",
    neutral: str | Path = "auto",
    openface: bool | str | Path = False,
) -> Recording:
    """Analyse one picture, video or folder of frames.

    Args:
        source: the file or folder, or ``camera:0``.
        out: write the recording into this folder as it grows; by default it stays in memory
            (about 40 MB a minute of video and face).
        every: look at every N-th frame only.
        start: begin here (s).
        end: stop here (s).
        fps: frames a second of a folder of pictures; 25 by default.
        faces: follow at most this many faces.
        detector: ``blazeface`` or ``haar``.
        neutral: the face at rest that Action Units are read against: ``auto`` finds each face's
            own, ``none`` takes the middle of many, or a picture of the person at rest.
        openface: take the Action Units from an installed OpenFace 2 (its licence: research only):
            the folder of its programs, or True to look in ``DUCHENNE_OPENFACE``, then on the PATH.

    Returns:
        The recording: a row per frame and face.

    Raises:
        MediaError: the source cannot be read.
        ModelError: a model file cannot be had.
        DataError: an option makes no sense.
        MissingExtraError: OpenFace is wanted and not there.
    """
    from duchenne.action_units.openface_program import OpenFaceProgram
    from duchenne.recording.analyzer import Analyzer, Span

    units = None
    if openface is not False:
        units = OpenFaceProgram(None if openface is True else str(openface))
    analyzer = Analyzer(detector=detector, max_faces=faces, neutral=neutral, openface=units)
    span = Span(every=every, start=start, end=end, fps=fps)
    if out is None:
        return analyzer.run(source, span)
    return analyzer.write(source, Path(out), span)


def audit(  # noqa: PLR0913 - each is an option of the command line too
    dataset: str | Path,
    *,
    label: str | None = None,
    subject: str | None = None,
    source: str | None = None,
    split: str | None = None,
    nuisances: Sequence[str] = (),
    models: Sequence[str] = (),
    bar: float = 0.65,
    faces: bool = True,
    memory: str | Path | None = None,
) -> Audit:
    """Ask a data set what a model could learn from it besides the expression.

    Args:
        dataset: a folder of pictures, clips or recordings, one folder a label; a CSV or Parquet
            table with a path and a label a row; a table of features with a label.
        label: column that says what a model would learn; the usual names are looked for.
        subject: column that says who is seen.
        source: column of the collection, camera or session.
        split: column of the data set's own split.
        nuisances: columns of a feature table that the display does not change.
        models: audit these too: an emotion network, ``smile``, or a column of scores.
        bar: AUC from which a shortcut counts as bad, above 0.5 (chance) and up to 1.
        faces: look for faces; without, it is several times quicker.
        memory: a file that keeps what was measured, from which another call goes on.

    Returns:
        What was found, the worst first; ``save_report`` writes its page.

    Raises:
        DataError: nothing readable is there, it is no data set to audit, or an option makes no
            sense.
        ModelError: a model is missing.
    """
    from duchenne.evaluation.audit import read_audit_set, run_audit
    from duchenne.evaluation.audit.listing import Columns
    from duchenne.evaluation.audit.scorers import in_our_words, scorer_of

    columns = Columns(label, subject, source, split, tuple(nuisances), tuple(models))
    kept = None if memory is None else Path(memory)
    data = read_audit_set(dataset, columns, memory=kept, look_for_faces=faces)
    scorers = [scorer_of(name, data) for name in models]
    return run_audit(in_our_words(data) if scorers else data, scorers, bar=bar)


def save_report(found: Recording | Audit | Synchrony, out: str | Path) -> Path:
    """Write the page that the command line writes: self-contained HTML that opens offline.

    A recording's page shows the key moments where its source still lies where it was analysed, and
    what ``judge`` says of its expressions. ``duchenne.report`` has the parts, for other choices.

    Args:
        found: a recording, an audit or a synchrony.
        out: a file that ends in ``.html``, or a folder, which gets ``report.html``, ``audit.html``
            or ``synchrony.html``.

    Returns:
        The path of the page.

    Raises:
        DataError: the page cannot be written.
        MediaError: the recording's source is there and cannot be read.
    """
    from duchenne.errors import DataError
    from duchenne.evaluation.audit import Audit
    from duchenne.recording import Recording
    from duchenne.synchrony import Synchrony

    if isinstance(found, Recording):
        return _save_recording(found, _page(out, "report.html"))
    if isinstance(found, Synchrony):
        from duchenne.report.synchrony_page import write_synchrony_page

        title = f"Synchrony of {len(found.people)} people"
        return write_synchrony_page(found, _page(out, "synchrony.html"), title)
    if not isinstance(found, Audit):
        kind = type(found).__name__  # type: ignore[unreachable]  # without a type checker it is
        raise DataError(f"A page is of a recording, an audit or a synchrony, not of {kind}.")
    from duchenne.report.audit_page import write_audit

    return write_audit(found, _page(out, "audit.html"))


def _page(out: str | Path, name: str) -> Path:
    path = Path(out)
    return path if path.suffix.lower() == ".html" else path / name


def _save_recording(recording: Recording, page: Path) -> Path:
    from duchenne.errors import DuchenneError
    from duchenne.genuineness.judging import judge
    from duchenne.report import write_report

    try:
        judged = judge(recording)
    except DuchenneError:
        # Tables of programs without Action Units, or folders without times: the rest is worth it.
        judged = None
    return write_report(recording, page, _key_frames(recording), judged)


def _key_frames(recording: Recording) -> list[Frame]:
    from duchenne.media import grab
    from duchenne.recording.metadata import OURS
    from duchenne.report import key_moments

    source = recording.metadata.source
    path = Path(source.path)
    if recording.metadata.tool != OURS or source.kind == "camera" or not path.exists():
        return []
    # Another file of the same name would put other faces beside these numbers.
    if path.is_file() and source.size_bytes not in {None, path.stat().st_size}:
        return []
    times = sorted({moment.time for moment in key_moments(recording)})
    fps = source.fps if source.kind == "folder" else None
    return grab(source.path, times, fps=fps) if times else []


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'duchenne' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    # What is loaded when first touched is there for completion in notebooks, too.
    return sorted({*globals(), *__all__})
