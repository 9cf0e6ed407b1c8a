"""ELAN documents, held against the rules of EAF 3.0 as its schema has them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.genuineness.verdict import SAID
from duchenne.recording import Recording
from duchenne.recording.elan_tiers import Cut, segments
from duchenne.recording.exporting import MEANINGS
from tests.expressions.made_up import clock, recording_of, rows, smile
from tests.recording.made_up import metadata
from tests.recording.ours import ours

ORDER = ["LICENSE", "HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE", "LOCALE", "LANGUAGE"]
ORDER += ["CONSTRAINT", "CONTROLLED_VOCABULARY"]


@dataclass(frozen=True)
class Shown:
    """As much of an expression as is written."""

    onset_s: float = 1.0
    apex_s: float = 1.5
    offset_s: float = 3.0
    face_id: int = 0
    brief: bool = False
    emotion: str | None = "happy"
    intensity: float = 3.0


@dataclass(frozen=True)
class Told:
    verdict: str = "genuine"
    p_genuine: float | None = 0.7


def smiling(seconds: float = 5.0, fps: float = 25.0) -> Recording:
    times = clock(seconds, fps)
    return recording_of(rows(times, smile(times, 1.0, 3.0)))


def read(path: Path) -> ET.Element:
    """The document, once it keeps the rules."""
    root = ET.parse(path).getroot()
    assert (root.tag, root.get("FORMAT"), root.get("VERSION")) == (
        *("ANNOTATION_DOCUMENT", "3.0", "3.0"),
    )
    assert {"AUTHOR", "DATE"} <= set(root.keys())
    places = [ORDER.index(child.tag) for child in root]
    assert places == sorted(places)
    header = root.find("HEADER")
    assert header is not None
    assert header.get("TIME_UNITS") == "milliseconds"
    _check_times(root)
    _check_references(root)
    return root


def _check_times(root: ET.Element) -> None:
    slots = {s.attrib["TIME_SLOT_ID"]: int(s.attrib["TIME_VALUE"]) for s in root.iter("TIME_SLOT")}
    assert len(slots) == len(list(root.iter("TIME_SLOT")))
    assert list(slots.values()) == sorted(slots.values())
    used: list[str] = []
    for tier in root.iter("TIER"):
        spans = []
        for one in tier.iter("ALIGNABLE_ANNOTATION"):
            ends = one.attrib["TIME_SLOT_REF1"], one.attrib["TIME_SLOT_REF2"]
            used += ends
            spans.append(tuple(slots[end] for end in ends))
        assert all(start < end for start, end in spans)
        assert all(early[1] <= late[0] for early, late in pairwise(spans))
    assert sorted(used) == sorted(slots)


def _check_references(root: ET.Element) -> None:
    def names(tag: str, key: str) -> list[str]:
        return [one.attrib[key] for one in root.iter(tag)]

    for tag, key in (
        ("ALIGNABLE_ANNOTATION", "ANNOTATION_ID"),
        ("TIER", "TIER_ID"),
        ("LINGUISTIC_TYPE", "LINGUISTIC_TYPE_ID"),
        ("CONTROLLED_VOCABULARY", "CV_ID"),
        ("CV_ENTRY_ML", "CVE_ID"),
    ):
        assert len(set(names(tag, key))) == len(names(tag, key)), tag
    assert set(names("TIER", "LINGUISTIC_TYPE_REF")) <= set(
        names("LINGUISTIC_TYPE", "LINGUISTIC_TYPE_ID")
    )
    vocabularies = set(names("CONTROLLED_VOCABULARY", "CV_ID"))
    stereotypes = set(names("CONSTRAINT", "STEREOTYPE"))
    for kind in root.iter("LINGUISTIC_TYPE"):
        assert kind.get("CONTROLLED_VOCABULARY_REF") in vocabularies | {None}
        assert kind.get("CONSTRAINTS") in stereotypes | {None}
    for tier in root.iter("TIER"):
        assert tier.get("PARENT_REF") in {*names("TIER", "TIER_ID"), None}
    languages = set(names("LANGUAGE", "LANG_ID"))
    assert set(names("CVE_VALUE", "LANG_REF")) <= languages
    entries = {e.attrib["CVE_ID"]: e.findtext("CVE_VALUE") for e in root.iter("CV_ENTRY_ML")}
    for one in root.iter("ALIGNABLE_ANNOTATION"):
        if "CVE_REF" in one.attrib:
            assert entries[one.attrib["CVE_REF"]] == one.findtext("ANNOTATION_VALUE")


def tier(root: ET.Element, name: str) -> list[tuple[int, int, str]]:
    slots = {s.attrib["TIME_SLOT_ID"]: int(s.attrib["TIME_VALUE"]) for s in root.iter("TIME_SLOT")}
    (found,) = (one for one in root.iter("TIER") if one.get("TIER_ID") == name)
    return [
        (
            slots[one.attrib["TIME_SLOT_REF1"]],
            slots[one.attrib["TIME_SLOT_REF2"]],
            str(one.findtext("ANNOTATION_VALUE")),
        )
        for one in found.iter("ALIGNABLE_ANNOTATION")
    ]


def test_a_smile_and_what_is_said_of_it(tmp_path: Path) -> None:
    shown = Shown()
    path = smiling().to_elan(
        tmp_path / "a" / "smile.eaf", expressions=[shown], verdicts=[(shown, Told())]
    )
    root = read(path)
    assert [one.get("TIER_ID") for one in root.iter("TIER")] == [
        *("face 0 emotion", "face 0 expression", "face 0 phase", "face 0 verdict"),
        *("face 0 AU06", "face 0 AU12"),
    ]
    assert [value for _, _, value in tier(root, "face 0 emotion")] == [
        "neutral",
        "happy",
        "neutral",
    ]
    assert tier(root, "face 0 expression") == [(1000, 3000, "happy")]
    assert tier(root, "face 0 phase") == [
        *((1000, 1500, "onset"), (1500, 1540, "apex"), (1540, 3000, "offset")),
    ]
    assert tier(root, "face 0 verdict") == [(1000, 3000, "genuine")]
    ((start, end, peak),) = tier(root, "face 0 AU12")
    assert (1000 < start < 1200, 2800 < end < 3000, peak) == (True, True, "4.0")
    assert [p.name for p in path.parent.iterdir()] == ["smile.eaf"]


def test_every_frame_of_every_face_has_its_place(tmp_path: Path) -> None:
    root = read(ours([2, 2, 1, 0, 0, 0, 2]).to_elan(tmp_path / "x.eaf", cut=Cut(least_s=0.0)))
    assert sum(end - start for start, end, _ in tier(root, "face 0 emotion")) == 400
    assert sum(end - start for start, end, _ in tier(root, "face 1 emotion")) == 300


def test_the_video_is_linked_from_where_the_document_lies(tmp_path: Path) -> None:
    recording = smiling()
    (tmp_path / "films").mkdir()
    media = tmp_path / "films" / "Ä & <b>.mp4"
    root = read(recording.to_elan(tmp_path / "out" / "x.eaf", media=media))
    (link,) = root.iter("MEDIA_DESCRIPTOR")
    assert link.get("RELATIVE_MEDIA_URL") == "../films/%C3%84%20%26%20%3Cb%3E.mp4"
    assert link.get("MEDIA_URL") == media.as_uri()
    assert link.get("MIME_TYPE") == "video/mp4"


@pytest.mark.parametrize("kind", ["camera", "folder"])
def test_what_has_no_file_of_its_own_is_not_linked(kind: str, tmp_path: Path) -> None:
    source = replace(metadata().source, kind=kind)
    recording = replace(smiling(), metadata=metadata(source=source))
    assert not list(read(recording.to_elan(tmp_path / "x.eaf")).iter("MEDIA_DESCRIPTOR"))


def test_a_table_of_another_program_is_no_video(tmp_path: Path) -> None:
    source = replace(metadata().source, name="of.csv", path="/tables/of.csv")
    recording = replace(smiling(), metadata=metadata(source=source, tool="OpenFace"))
    assert not list(read(recording.to_elan(tmp_path / "x.eaf")).iter("MEDIA_DESCRIPTOR"))


@pytest.mark.parametrize("name", ["<&\"'>", "a\x00b\x1fc", "half \ud83d", "𝄞 ]]>"])
def test_names_that_are_hard_to_write(name: str, tmp_path: Path) -> None:
    source = replace(metadata().source, name=name)
    recording = replace(smiling(), metadata=metadata(source=source, person=name))
    root = read(recording.to_elan(tmp_path / "x.eaf"))
    (found,) = (p.text for p in root.iter("PROPERTY") if p.get("NAME") == "source")
    wanted = "".join("\ufffd" if c in "\x00\x1f\ud83d" else c for c in name)
    assert found == wanted
    assert {one.get("PARTICIPANT") for one in root.iter("TIER")} == {wanted}


@settings(max_examples=20)
@given(
    st.floats(0, 100), st.floats(0, 3), st.floats(0, 3), st.sampled_from(["happy", None])
)  # fmt: skip
def test_any_expression_can_be_written(
    tmp_path_factory: pytest.TempPathFactory, onset: float, rise: float, fall: float, emotion: str
) -> None:
    shown = Shown(onset, onset + rise, onset + rise + fall, emotion=emotion)
    path = tmp_path_factory.mktemp("any") / "x.eaf"
    root = read(smiling(1.0).to_elan(path, expressions=[shown]))
    ((start, end, _),) = tier(root, "face 0 expression")
    phases = tier(root, "face 0 phase")
    assert (phases[0][0], phases[-1][1]) == (start, end)
    assert "apex" in [value for _, _, value in phases]


@given(st.lists(st.integers(-1, 2), min_size=1, max_size=40), st.sampled_from([0.0, 0.1, 0.3]))
def test_segments_are_apart_and_long_enough_and_true(states: list[int], least: float) -> None:
    times = np.arange(len(states)) / 10
    found = segments(times, np.array(states), 0.1, least)
    for start, end, state in found:
        assert end - start >= least - 1e-6
        inside = [s for t, s in zip(times, states, strict=True) if start <= t < end - 1e-6]
        assert inside[0] == state
        # Interruptions are shorter than what is looked for.
        assert sum(s == state for s in inside) * 0.1 >= min(least, 0.1) - 1e-6
    assert all(early[1] <= late[0] + 1e-9 for early, late in pairwise(found))


def test_a_face_that_was_away_does_not_go_on_displaying() -> None:
    times = np.array([0.0, 0.1, 0.2, 2.0, 2.1])
    found = segments(times, np.zeros(5, int), 0.1, 0.1)
    assert [(round(a, 3), round(b, 3)) for a, b, _ in found] == [(0.0, 0.3), (2.0, 2.2)]


def test_a_clock_that_goes_back_is_put_in_order(tmp_path: Path) -> None:
    times = clock(5.0, 25.0)
    values = smile(times, 1.0, 3.0)
    back = np.r_[60:125, 0:60]
    mixed = rows(times[back], {name: column[back] for name, column in values.items()})
    roots = [
        read(recording.to_elan(tmp_path / f"{place}.eaf"))
        for place, recording in enumerate((smiling(), recording_of(mixed)))
    ]
    for name in ("face 0 emotion", "face 0 AU12"):
        assert tier(roots[0], name) == tier(roots[1], name)


def test_short_interruptions_are_bridged() -> None:
    states = np.array([0, 0, 0, 1, 0, 0, 0])
    assert [s for *_, s in segments(np.arange(7) / 10, states, 0.1, 0.2)] == [0]
    assert [s for *_, s in segments(np.arange(7) / 10, states, 0.1, 0.1)] == [0, 1, 0]


@pytest.mark.parametrize(
    ("recording", "options", "words"),
    [
        (ours([1]), {}, "fewer than two moments"),
        (smiling(), {"expressions": [Shown(face_id=7)]}, r"face 7.*there are: \[0\]"),
        (smiling(), {"expressions": [Shown(), Shown(2.0, 2.5, 4.0)]}, "overlap at 2.00 s"),
    ],
)
def test_what_cannot_be_written(
    recording: Recording, options: dict[str, object], words: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=words):
        recording.to_elan(tmp_path / "x.eaf", **options)
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        smiling().to_elan(tmp_path / "file" / "x.eaf")


@pytest.mark.parametrize("wrong", [{"threshold": 0.0}, {"threshold": 6.0}, {"least_s": -1.0}])
def test_numbers_that_cut_nothing(wrong: dict[str, float]) -> None:
    with pytest.raises(DataError, match=r"active from|shortest segment"):
        Cut(**wrong)


def test_verdicts_mean_what_they_mean_elsewhere() -> None:
    assert MEANINGS == SAID
