"""Sources and recordings, read alike by every verb that takes both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from duchenne.errors import DataError, DuchenneError, in_a_sentence

if TYPE_CHECKING:
    import pandas as pd

    from duchenne.media import Frame, MediaInfo
    from duchenne.recording.analyzer import Analyzer
    from duchenne.recording.recording import Recording

FORMS: Final = (".csv", ".parquet")


def each(sources: tuple[str, ...]) -> Iterator[str]:
    """Every recording as it is named, and what lies in every other source."""
    from duchenne.media import find_sources

    for source in sources:
        yield from [source] if is_recording(Path(source)) else find_sources(source)


def is_recording(path: Path) -> bool:
    """Whether a path holds a recording, or a table of another program."""
    from duchenne.recording.storage import METADATA, PARTS, TABLE

    if path.is_dir():
        return any((path / name).exists() for name in (METADATA, TABLE, PARTS))
    return path.suffix.lower() in FORMS


@contextmanager
def told(outcomes: list[bool]) -> Iterator[None]:
    """One bad source is told in a sentence; the others still get their turn."""
    try:
        yield
        outcomes.append(True)
    except (DuchenneError, OSError) as error:
        outcomes.append(False)
        click.echo(f"duchenne: {in_a_sentence(error)}", err=True)


def exit_code(outcomes: list[bool]) -> int:
    """0: all went well; 1: some did; 2: none did."""
    return 0 if all(outcomes) else 1 if any(outcomes) else 2


def reading(source: str) -> Recording:
    """The recording of a source, analysed first where it is not one."""
    from duchenne.recording.recording import Recording

    return Recording.load(source) if is_recording(Path(source)) else _analyzed(source)


def check_form(out: Path | None) -> None:
    """Make sure that a table can be written to a file.

    Raises:
        DataError: its ending says no form, or it is a folder.
    """
    if out is None:
        return
    if out.suffix.lower() not in FORMS:
        raise DataError(f"{out} must end in {' or '.join(FORMS)}: the ending says what is written.")
    if out.is_dir():
        raise DataError(f"{out} is a folder: name the file to write.")
    out.parent.mkdir(parents=True, exist_ok=True)


def write_tables(tables: list[pd.DataFrame], out: Path) -> None:
    """One table of all, in the form of the file's ending."""
    import pandas as pd

    # Empty tables carry no types, and would turn numbers into objects.
    whole = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    if out.suffix.lower() == ".csv":
        whole.to_csv(out, index=False)
    else:
        whole.to_parquet(out, index=False)
    click.echo(f"  -> {out}: {len(whole)} rows", err=True)


def _analyzed(source: str) -> Recording:
    from tqdm import tqdm

    if re.fullmatch(r"(camera:)?[0-9]+", source) and not Path(source).exists():
        raise DataError(
            f"{source} is a camera, which has no end: record it by `duchenne analyze`, and give "
            "the recording."
        )
    # disable=None: a bar on a terminal, silence in a log file.
    with tqdm(desc=Path(source).name, unit="frame", disable=None, leave=False) as bar:

        def tick(frame: Frame, info: MediaInfo) -> None:
            bar.total = info.frames
            bar.update(frame.index + 1 - bar.n)

        return _analyzer().run(source, progress=tick)


@lru_cache(maxsize=1)
def _analyzer() -> Analyzer:
    """One for all sources of a run: its networks load once, and only where they are needed."""
    from duchenne.recording.analyzer import Analyzer

    return Analyzer()
