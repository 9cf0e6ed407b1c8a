"""What a recording shows, in plain sentences."""

from __future__ import annotations

import pandas as pd

from duchenne.action_units.names import ACTION_UNITS
from duchenne.report.rows import (
    AU_COLUMNS,
    EMOTION_COLUMNS,
    faces_longest_first,
    frame_times,
    top_emotions,
    with_face,
)
from duchenne.report.words import clock, count, counted, listed, percent

# An Action Unit weaker than FACS' level A (trace) is not worth a sentence.
_LEAST_INTENSITY = 1.0
_MOST_FACES = 3
# The same as for a key moment.
_CLEAR = 0.4


def overview(rows: pd.DataFrame) -> list[str]:
    """The summary at the top of a report: a few sentences, the most important first."""
    frames = int(rows["frame"].nunique())
    if frames == 0:
        return ["No frame was analysed, so there is nothing to show."]
    faces = faces_longest_first(rows)
    if not faces:
        where = "this picture" if frames == 1 else f"any of the {count(frames, 'frame')}"
        return [f"No face was found in {where}."]
    if len(faces) > 1:
        return [f"{counted(len(faces), 'face')} found.", *_several(rows, faces, frames)]
    seen = with_face(rows)
    if frames == 1:
        return ["One face found.", *of_face(seen, rows)]
    return [f"One face, seen in {_share_of(len(seen), frames)}.", *of_face(seen, rows)]


def of_face(mine: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """One face's displays: the most frequent emotion, its clearest moment, the strongest AU."""
    if rows["frame"].nunique() == 1:
        return [*_picture_emotion(mine), *_strongest_unit(mine, None, "s")]
    times, unit = frame_times(rows)
    return [*_mostly(mine), *_clearest(mine, times, unit), *_strongest_unit(mine, times, unit)]


def why_no_face() -> str:
    """What may be the matter where nothing was found."""
    return (
        "The finder looks for upright faces that turn towards the camera, at least about 30 "
        "pixels wide. It misses faces that are smaller, very dark or blurred, upside down, seen "
        "from the side or from behind, or covered by a hand or a mask. A sharper, closer or "
        "brighter recording, turned the right way up, often helps."
    )


def _several(rows: pd.DataFrame, faces: list[int], frames: int) -> list[str]:
    seen = with_face(rows)
    lines = []
    for face in faces[:_MOST_FACES]:
        mine = seen[seen["face_id"] == face]
        tops = top_emotions(mine)
        lead = "" if tops.empty else f", mostly {_most_frequent(tops)[0]}"
        if frames == 1:
            lead = f": {_picture_words(mine)}" if not tops.empty else " found"
            lines.append(f"Face {face}{lead}.")
        else:
            lines.append(f"Face {face} is seen in {percent(len(mine) / frames)} of frames{lead}.")
    more = len(faces) - _MOST_FACES
    if more > 0:
        verb = "is" if more == 1 else "are"
        lines.append(f"{counted(more, 'more face')} {verb} described below.")
    return lines


def _share_of(number: int, frames: int) -> str:
    return f"all {frames:,} frames" if number == frames else f"{number:,} of {frames:,} frames"


def _most_frequent(tops: pd.Series[str]) -> tuple[str, float]:
    shares = tops.value_counts(normalize=True)
    return str(shares.index[0]), float(shares.iloc[0])


def _mostly(mine: pd.DataFrame) -> list[str]:
    tops = top_emotions(mine)
    if tops.empty:
        return []
    shares = tops.value_counts(normalize=True)
    name, share = _most_frequent(tops)
    others = [f"{n} ({percent(float(s))})" for n, s in shares.iloc[1:3].items() if s >= 0.1]
    degree = "mostly " if share > 0.5 or not others else "most often "
    tail = f", then {listed(others)}" if others else ""
    # "of the time" would be wrong where frames are uneven or skipped.
    return [f"The display is {degree}{name} ({percent(share)} of these frames){tail}."]


def _clearest(mine: pd.DataFrame, times: pd.Series[float], unit: str) -> list[str]:
    expressive = [c for c in EMOTION_COLUMNS if c != "emotion_neutral"]
    known = mine[expressive].dropna()
    if known.empty:
        return []
    name = known.max().idxmax()
    row = known[name].idxmax()
    when = clock(float(times[mine.at[row, "frame"]]), unit)
    label, peak = str(name).removeprefix("emotion_"), float(known.at[row, name])
    lead = (
        "The clearest expression is" if peak >= _CLEAR else "No expression is clear; the highest is"
    )
    return [f"{lead} {label}, {percent(peak)} at {when}."]


def _strongest_unit(mine: pd.DataFrame, times: pd.Series[float] | None, unit: str) -> list[str]:
    known = mine[list(AU_COLUMNS)].drop(columns=["AU43_r", "AU45_r"]).dropna(how="all")
    if known.empty or float(known.max().max()) < _LEAST_INTENSITY:
        return []
    name = str(known.max().idxmax())
    row = known[name].idxmax()
    code = name.removesuffix("_r")
    when = "" if times is None else f" at {clock(float(times[mine.at[row, 'frame']]), unit)}"
    value = f"{float(known.at[row, name]):.1f} of 5"
    return [f"The strongest Action Unit is {code}, {ACTION_UNITS[code]} ({value}{when})."]


def _picture_emotion(mine: pd.DataFrame) -> list[str]:
    words = _picture_words(mine)
    return [f"The display is read as {words}."] if words else []


def _picture_words(mine: pd.DataFrame) -> str:
    known = mine[list(EMOTION_COLUMNS)].dropna()
    if known.empty:
        return ""
    ranked = known.iloc[0].sort_values(ascending=False)
    names = [str(n).removeprefix("emotion_") for n in ranked.index]
    second = f", then {names[1]} ({percent(float(ranked.iloc[1]))})" if ranked.iloc[1] > 0.1 else ""
    return f"{names[0]} ({percent(float(ranked.iloc[0]))}){second}"
