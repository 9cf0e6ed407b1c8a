"""Recordings as ELAN documents (.eaf, format 3.0), beside the video that they are about.

ELAN: Wittenburg, Brugman, Russel, Klassmann and Sloetjes, LREC 2006. The elements and their order
are those of its schema, http://www.mpi.nl/tools/elan/EAFv3.0.xsd.
"""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

import numpy as np

from duchenne.emotion.labels import EMOTIONS
from duchenne.recording.elan_tiers import PHASES, Annotation, Cut, Kind, Tier, tiers_of
from duchenne.recording.exporting import (
    MEANINGS,
    Displayed,
    Judged,
    check_faces,
    exported,
    frame_times,
)
from duchenne.recording.recording import Recording

USUAL: Final = Cut()

_FORMAT: Final = "3.0"
_SCHEMA: Final = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_ENGLISH: Final = {
    "LANG_DEF": "http://cdb.iso.org/lg/CDB-00138502-001",
    "LANG_ID": "eng",
    "LANG_LABEL": "English (eng)",
}
_INCLUDED: Final = (
    "Time alignable annotations within the parent annotation's time interval, gaps are allowed"
)
_VOCABULARIES: Final[dict[Kind, tuple[str, dict[str, str]]]] = {
    "emotion": ("class of the displayed emotion", {name: f"displays {name}" for name in EMOTIONS}),
    "phase": (
        "phase of a displayed expression",
        dict(zip(PHASES, ("it rises", "it is strongest", "it falls"), strict=True)),
    ),
    "verdict": ("what a display resembles, not what anybody experiences", MEANINGS),
}
_KINDS: Final[tuple[Kind, ...]] = ("emotion", "expression", "phase", "action unit", "verdict")
# Characters that XML 1.0 cannot hold, and lone surrogates: bytes of file names that are not UTF-8.
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_elan(
    recording: Recording,
    path: str | Path,
    *,
    expressions: Sequence[Displayed] = (),
    verdicts: Sequence[Judged] = (),
    media: str | Path | None = None,
    cut: Cut = USUAL,
) -> Path:
    """Write a recording as an ELAN document.

    Tiers of each face: ``emotion``, the class of the highest probability as long as it lasts;
    ``expression`` with its child ``phase`` (onset, apex, offset; the apex is a moment and gets the
    length of a frame); ``verdict``; and for every Action Unit that was ever active ``AU12`` and so
    on, each annotation its highest intensity. Emotions, phases and verdicts have controlled
    vocabularies.

    Args:
        recording: with times.
        path: of the ``.eaf`` file.
        expressions: as ``find_expressions`` finds them.
        verdicts: as ``genuineness.judge`` gives them.
        media: the video to link; by default the recording's source, where that is a video.
        cut: ``duchenne.recording.elan_tiers.Cut``: from which intensity on an Action Unit is active
            (1 of 5), and the shortest segment of it and of ``emotion`` (0.2 s).

    Returns:
        The path.

    Raises:
        DataError: a single picture, frames without a time, expressions of other faces or such that
            overlap, or the file cannot be written.
    """
    times = frame_times(recording, "ELAN")
    check_faces(recording, [*expressions, *(one for one, _ in verdicts)])
    step = float(np.median(np.diff(times)))
    tiers = list(tiers_of(recording, step, cut, expressions, verdicts))
    target = Path(path)
    with exported(target) as fresh, fresh.open("wb") as file:
        _Document(file).write(tiers, _media(recording, media, target), recording)
    return target


def _media(recording: Recording, media: str | Path | None, target: Path) -> dict[str, str] | None:
    """Attributes of the link to the video; None where there is none."""
    source = recording.metadata.source
    if media is None and source.kind != "video":
        return None
    place = Path(source.path if media is None else media)
    mime = mimetypes.guess_type(place.name)[0] or "unknown"
    # The source of a table of another program is that table.
    if media is None and not mime.startswith(("video/", "audio/")):
        return None
    found = {"MEDIA_URL": place.resolve().as_uri(), "MIME_TYPE": mime}
    try:
        near = os.path.relpath(place.resolve(), target.resolve().parent)
    except ValueError:  # Another drive.
        return found
    near = near.replace(os.sep, "/")
    start = "" if near.startswith("../") else "./"
    return found | {"RELATIVE_MEDIA_URL": start + quote(os.fsencode(near), safe="/")}


class _Document:
    """Writes element after element, so that nothing but the tiers is held in memory."""

    def __init__(self, file: Any) -> None:
        self._out = XMLGenerator(file, "UTF-8", short_empty_elements=True)
        self._depth, self._begun = 0, False

    def write(self, tiers: Sequence[Tier], media: dict[str, str] | None, about: Recording) -> None:
        self._out.startDocument()
        self._open(
            "ANNOTATION_DOCUMENT",
            {
                "AUTHOR": f"duchenne {version('duchenne')}",
                "DATE": datetime.now(UTC).isoformat(timespec="seconds"),
                "FORMAT": _FORMAT,
                "VERSION": _FORMAT,
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:noNamespaceSchemaLocation": _SCHEMA,
            },
        )
        self._header(tiers, media, about)
        slots = self._time_order(tiers)
        person = about.metadata.person if len(about.face_ids) == 1 else None
        number = 0
        for tier in tiers:
            number = self._tier(tier, slots[tier.name], person, number)
        self._types({tier.kind for tier in tiers})
        self._close("ANNOTATION_DOCUMENT")
        self._out.endDocument()

    def _header(
        self, tiers: Sequence[Tier], media: dict[str, str] | None, about: Recording
    ) -> None:
        self._open("HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
        if media is not None:
            self._leaf("MEDIA_DESCRIPTOR", media)
        models = ", ".join(model.name for model in about.metadata.models)
        for name, value in (
            ("source", about.metadata.source.name),
            ("measured by", f"{about.metadata.tool} ({models})"),
            ("lastUsedAnnotationId", str(sum(len(tier.annotations) for tier in tiers))),
        ):
            self._leaf("PROPERTY", {"NAME": name}, value)
        self._close("HEADER")

    def _time_order(self, tiers: Sequence[Tier]) -> dict[str, list[tuple[str, str]]]:
        """Every annotation has two slots of its own; returns their names, tier by tier."""
        ends = [
            (time, tier.name, place, end)
            for tier in tiers
            for place, one in enumerate(tier.annotations)
            for end, time in enumerate((one.start, one.end))
        ]
        slots = {tier.name: [["", ""] for _ in tier.annotations] for tier in tiers}
        self._open("TIME_ORDER", {})
        for number, (time, name, place, end) in enumerate(sorted(ends), start=1):
            slots[name][place][end] = f"ts{number}"
            self._leaf("TIME_SLOT", {"TIME_SLOT_ID": f"ts{number}", "TIME_VALUE": str(time)})
        self._close("TIME_ORDER")
        return {name: [(a, b) for a, b in pairs] for name, pairs in slots.items()}

    def _tier(
        self, tier: Tier, slots: Sequence[tuple[str, str]], person: str | None, number: int
    ) -> int:
        facts = {
            "ANNOTATOR": "duchenne",
            "LINGUISTIC_TYPE_REF": tier.kind,
            "PARTICIPANT": person or f"face {tier.face_id}",
            "TIER_ID": tier.name,
        }
        self._open("TIER", facts | ({"PARENT_REF": tier.parent} if tier.parent else {}))
        for one, (first, last) in zip(tier.annotations, slots, strict=True):
            number += 1
            ids = {"ANNOTATION_ID": f"a{number}", "TIME_SLOT_REF1": first, "TIME_SLOT_REF2": last}
            self._annotation(one, ids | _entry(tier.kind, one.value))
        self._close("TIER")
        return number

    def _annotation(self, one: Annotation, ids: dict[str, str]) -> None:
        self._open("ANNOTATION", {})
        self._open("ALIGNABLE_ANNOTATION", ids)
        self._leaf("ANNOTATION_VALUE", {}, one.value)
        self._close("ALIGNABLE_ANNOTATION")
        self._close("ANNOTATION")

    def _types(self, used: set[Kind]) -> None:
        kinds = [kind for kind in _KINDS if kind in used]
        for kind in kinds:
            facts = {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": kind}
            if kind == "phase":
                facts["CONSTRAINTS"] = "Included_In"
            if kind in _VOCABULARIES:
                facts["CONTROLLED_VOCABULARY_REF"] = kind
            self._leaf("LINGUISTIC_TYPE", facts | {"TIME_ALIGNABLE": "true"})
        self._leaf("LANGUAGE", _ENGLISH)
        self._leaf("CONSTRAINT", {"DESCRIPTION": _INCLUDED, "STEREOTYPE": "Included_In"})
        for kind in kinds:
            if kind in _VOCABULARIES:
                self._vocabulary(kind)

    def _vocabulary(self, kind: Kind) -> None:
        meaning, entries = _VOCABULARIES[kind]
        english = {"LANG_REF": _ENGLISH["LANG_ID"]}
        self._open("CONTROLLED_VOCABULARY", {"CV_ID": kind})
        self._leaf("DESCRIPTION", english, meaning)
        for value, told in entries.items():
            self._open("CV_ENTRY_ML", {"CVE_ID": _entry(kind, value)["CVE_REF"]})
            self._leaf("CVE_VALUE", {"DESCRIPTION": told} | english, value)
            self._close("CV_ENTRY_ML")
        self._close("CONTROLLED_VOCABULARY")

    def _open(self, name: str, facts: dict[str, str]) -> None:
        self._indent()
        self._out.startElement(name, _attributes(facts))
        self._depth += 1

    def _close(self, name: str) -> None:
        self._depth -= 1
        self._indent()
        self._out.endElement(name)

    def _leaf(self, name: str, facts: dict[str, str], text: str = "") -> None:
        self._indent()
        self._out.startElement(name, _attributes(facts))
        if text:
            self._out.characters(_writable(text))
        self._out.endElement(name)

    def _indent(self) -> None:
        # The XML declaration ends with its own line break.
        if self._depth or self._begun:
            self._out.ignorableWhitespace("\n" + "    " * self._depth)
        self._begun = True


def _entry(kind: Kind, value: str) -> dict[str, str]:
    """The reference to a value of a controlled vocabulary; nothing for other kinds and values."""
    _, entries = _VOCABULARIES.get(kind, ("", {}))
    return {"CVE_REF": f"cveid_{kind}_{value}"} if value in entries else {}


def _attributes(facts: dict[str, str]) -> AttributesImpl:
    return AttributesImpl({key: _writable(value) for key, value in facts.items()})


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
