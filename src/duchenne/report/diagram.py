"""A face whose muscles are shaded by their Action Units, and how even its two sides are.

Drawn from the front, so the person's right side is on the left, as on the pictures. Each patch
lies where the muscle of its unit lies (Ekman, Friesen and Hager 2002; Waller, Cray and Burrows
2008); the drawing is our own and no anatomy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from duchenne.action_units.names import ACTION_UNITS, PAIRED, SIDES
from duchenne.report.rows import AU_COLUMNS, SIDE_COLUMNS

WIDTH: Final = 400
HEIGHT: Final = 500

# Full strength stays a little transparent: the lines of the face shine through.
DARKEST: Final = 0.88
_STRONGEST: Final = 5.0
_LEAST_INTENSITY: Final = 1.0

# The muscle on the person's left (right of the middle, at x = 200), its name after the unit.
_MUSCLES: Final[dict[str, tuple[str, str]]] = {
    "AU01": (
        "inner forehead",
        "M205 146C203 118 205 94 210 74C224 70 238 72 247 77C247 102 245 126 240 146"
        "C229 139 216 139 205 146z",
    ),
    "AU02": (
        "outer forehead",
        "M246 145C251 122 253 98 253 79C270 83 287 92 299 103C309 122 311 142 306 158"
        "C290 147 268 142 246 145z",
    ),
    "AU04": (
        "brow knitter",
        "M203 196C206 180 220 168 262 163L267 175C238 178 222 186 214 204C210 206 206 203 203 196z",
    ),
    "AU05": ("upper lid lifter", "M234 188C248 172 280 172 294 188C280 180 248 180 234 188z"),
    "AU06": (
        "ring around the eye, outer part",
        "M216 232C238 262 292 262 312 228C320 214 320 198 314 186L330 181"
        "C340 206 336 236 318 258C292 288 236 282 209 248z",
    ),
    "AU07": (
        "ring around the eye, lids",
        "M226 213C242 235 284 235 300 212L306 219C288 246 238 246 220 221z",
    ),
    "AU45": ("upper lid", "M228 208C244 184 284 184 300 208C284 192 246 192 228 208z"),
    "AU09": (
        "side of the nose",
        "M207 208C211 236 214 262 217 284C224 290 230 290 233 284C232 258 224 228 216 204z",
    ),
    "AU10": (
        "lifter of the upper lip",
        "M238 268C240 292 234 318 224 342L240 346C252 322 262 296 264 270C256 264 246 264 238 268z",
    ),
    "AU12": (
        "cheek, from the corner of the mouth",
        "M249 358C266 332 288 300 312 270C320 266 330 272 331 280C312 312 286 342 258 370z",
    ),
    "AU14": (
        "dimple beside the mouth",
        "M256 368C270 358 288 354 304 354C310 360 310 370 304 376C288 376 272 376 256 374z",
    ),
    "AU20": (
        "side of the mouth",
        "M254 378C276 382 300 384 322 380C324 388 320 396 314 400C294 400 270 394 250 386z",
    ),
    "AU15": (
        "below the corner of the mouth",
        "M244 384C254 398 264 416 270 436C262 446 250 450 240 448C238 428 236 404 237 388z",
    ),
}
_MIDDLE: Final[dict[str, tuple[str, str]]] = {
    "AU23": (
        "ring around the mouth",
        "M142 368C160 340 184 334 200 340C216 334 240 340 258 368C240 402 160 402 142 368"
        "zM152 368C168 392 232 392 248 368C232 350 214 346 200 352"
        "C186 346 168 350 152 368z",
    ),
    "AU28": (
        "lips",
        "M152 368C168 350 186 346 200 352C214 346 232 350 248 368C232 392 168 392 152 368z",
    ),
    "AU25": ("gap between the lips", "M160 368C180 362 220 362 240 368C220 376 180 376 160 368z"),
    "AU17": (
        "chin",
        "M176 420C184 408 216 408 224 420C230 440 220 458 200 460C180 458 170 440 176 420z",
    ),
    "AU26": (
        "jaw",
        "M338 296C336 340 322 384 296 418L284 408C304 376 314 340 316 300zM62 296"
        "C64 340 78 384 104 418L116 408C96 376 86 340 84 300z",
    ),
}


@dataclass(frozen=True)
class Muscle:
    """One patch of the drawing.

    Attributes:
        path: of its outline, on the person's left or across both sides.
        mirrored: it belongs to the person's right, where the path is mirrored to.
        group: of the page's data, ``aus`` or ``sides``.
        series: its place in that group.
        title: unit, muscle and value in words.
        shade: from 0 to ``DARKEST``.
    """

    path: str
    mirrored: bool
    group: str
    series: int
    title: str
    shade: float


@dataclass(frozen=True)
class Evenness:
    """How strong a unit gets on either side.

    Attributes:
        code: of the unit.
        meaning: in words.
        right: highest intensity on the person's right, 0 to 5.
        left: the same on the left.
        quiet: never a trace on either side.
    """

    code: str
    meaning: str
    right: float
    left: float
    quiet: bool


def muscles(rows: pd.DataFrame) -> list[Muscle]:
    """The patches of one face, shaded by the highest intensities; none where nothing is known."""
    highest = rows[[*AU_COLUMNS, *SIDE_COLUMNS]].max()
    if highest.isna().all():
        return []
    found = []
    for unit, (name, path) in _MUSCLES.items():
        for side in reversed(SIDES):
            column = f"{unit}_{side}_r"
            value = float(highest[column])
            # Recordings of other programs know no sides.
            whole = np.isnan(value)
            value = float(highest[f"{unit}_r"]) if whole else value
            group = "aus" if whole else "sides"
            series = (AU_COLUMNS if whole else SIDE_COLUMNS).index(f"{unit}_r" if whole else column)
            title = f"{unit} {ACTION_UNITS[unit]} ({name}), {side}"
            found.append(_muscle(path, side == "right", group, series, title, value))
    for unit, (name, path) in _MIDDLE.items():
        value = float(highest[f"{unit}_r"])
        title = f"{unit} {ACTION_UNITS[unit]} ({name})"
        found.append(_muscle(path, False, "aus", AU_COLUMNS.index(f"{unit}_r"), title, value))
    return found


def _muscle(path: str, mirrored: bool, group: str, series: int, title: str, value: float) -> Muscle:
    known = 0.0 if np.isnan(value) else value
    words = "not measured" if np.isnan(value) else f"{value:.1f} of 5"
    shade = round(DARKEST * known / _STRONGEST, 3)
    return Muscle(path, mirrored, group, series, f"{title}: {words}", shade)


def evenness(rows: pd.DataFrame) -> list[Evenness]:
    """Both sides of every paired unit; none where the sides are not known."""
    highest = rows[list(SIDE_COLUMNS)].max()
    if highest.isna().all():
        return []
    found = []
    for unit in PAIRED:
        right, left = (float(highest[f"{unit}_{side}_r"]) for side in ("right", "left"))
        quiet = not max(right, left) >= _LEAST_INTENSITY
        found.append(Evenness(unit, ACTION_UNITS[unit], right, left, quiet))
    return found
