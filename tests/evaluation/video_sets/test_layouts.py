from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.crop_sets import empty_files, write_frames

from duchenne.errors import DataError
from duchenne.evaluation.video_sets.clips import VideoClip, VideoSet, plain_emotion
from duchenne.evaluation.video_sets.layouts import LAYOUTS, read_videos

TREES = {
    "sase-fe": (
        ("FakeTrue_DB/Ahmed/D2N2Sur.MP4", "ahmed", "surprise", "posed"),
        ("FakeTrue_DB/Ahmed/N2Sur.MP4", "ahmed", "surprise", "genuine"),
        ("FakeTrue_DB/Ahmed/H2N2A.MP4", "ahmed", "anger", "posed"),
        ("FakeTrue_DB/Kaisa/N2C.MP4", "kaisa", "contempt", "genuine"),
        ("FakeTrue_DB/Kaisa/S2N2H.mp4", "kaisa", "happiness", "posed"),
        ("FakeTrue_DB/Kaisa/N2S.mp4", "kaisa", "sadness", "genuine"),
    ),
    "pedfe-videos": (
        ("22_ps_3.mp4", "22", "happiness", "posed"),
        ("more/47_tg_1.mp4", "47", "sadness", "genuine"),
        ("4_rg_1.mp4", "4", "anger", "genuine"),
        ("20_ss_4.mp4", "20", "surprise", "posed"),
    ),
    "ravdess": (
        ("Actor_12/01-01-06-01-02-01-12.mp4", "12", "fear", "posed"),
        ("Actor_01/01-01-01-01-01-01-01.mp4", "01", "neutral", "posed"),
        ("Actor_01/01-02-08-02-01-01-01.mp4", "01", "surprise", "posed"),
    ),
    "crema-d": (
        ("VideoFlash/1001_IEO_ANG_HI.flv", "1001", "anger", "posed"),
        ("VideoFlash/1091_DFA_NEU_XX.flv", "1091", "neutral", "posed"),
    ),
    "uva-nemo": (
        ("videos/001_deliberate_smile_2.mp4", "001", "happiness", "posed"),
        ("videos/400_spontaneous_smile_1.mp4", "400", "happiness", "genuine"),
    ),
    "bp4d": (
        ("F001/T1.mp4", "F001", "happiness", "genuine"),
        ("M012/T8.avi", "M012", "disgust", "genuine"),
    ),
    "spos": (
        ("1/spontaneous/happy_1.avi", "1", "happiness", "genuine"),
        ("7/posed/fear_2.avi", "7", "fear", "posed"),
    ),
    "facexp": (
        ("actor_3/fear_12.mp4", "actor_3", "fear", "posed"),
        ("actor_4/surprised_1.mp4", "actor_4", "surprise", "posed"),
    ),
}
STRANGERS = ("readme.mp4", "01-03.mp4", "notes.txt", "Ahmed/neutral.mp4", "._N2A.MP4")


@pytest.mark.parametrize("layout", TREES)
def test_file_names_say_person_emotion_and_kind(layout: str, tmp_path: Path) -> None:
    wanted = TREES[layout]
    empty_files(tmp_path, *(row[0] for row in wanted), *STRANGERS)
    found = read_videos(tmp_path, layout)
    rows = {(str(c.path.relative_to(tmp_path)), c.subject, c.emotion, c.kind) for c in found.clips}
    assert rows == set(wanted)
    assert found.source


def test_every_layout_but_those_with_label_files_has_a_tree_here() -> None:
    assert set(LAYOUTS) == {*TREES, "ck+"}


def test_ravdess_counts_each_take_once(tmp_path: Path) -> None:
    takes = ("01-01-06-01-02-01-12.mp4", "02-01-06-01-02-01-12.mp4", "03-01-06-01-02-01-12.wav")
    empty_files(tmp_path, *(f"Actor_12/{take}" for take in takes))
    assert [clip.path.name for clip in read_videos(tmp_path, "ravdess").clips] == [takes[0]]


def test_ck_plus_takes_the_emotion_from_the_label_file(tmp_path: Path) -> None:
    grey = np.zeros((40, 40, 3), np.uint8)
    for take, label in (("001", "   3.0000000e+00\n"), ("002", None), ("003", "7")):
        write_frames(tmp_path / "cohn-kanade-images" / "S005" / take, grey)
        if label is not None:
            path = tmp_path / "Emotion" / "S005" / take / f"S005_{take}_00000011_emotion.txt"
            path.parent.mkdir(parents=True)
            path.write_text(label)
    found = read_videos(tmp_path, "ck+")
    assert [(c.code, c.subject, c.emotion, c.kind) for c in found.clips] == [
        ("S005_001", "S005", "disgust", "posed"),
        ("S005_003", "S005", "surprise", "posed"),
    ]


def test_a_label_of_ck_plus_that_is_no_emotion_is_named(tmp_path: Path) -> None:
    write_frames(tmp_path / "cohn-kanade-images" / "S005" / "001", np.zeros((40, 40, 3), np.uint8))
    empty_files(tmp_path, "Emotion/S005/001/S005_001_1_emotion.txt")
    with pytest.raises(DataError, match="one number from 0 to 7"):
        read_videos(tmp_path, "ck+")


def test_folders_of_pictures_are_clips(tmp_path: Path) -> None:
    write_frames(tmp_path / "F001" / "T3", np.zeros((40, 40, 3), np.uint8))
    (clip,) = read_videos(tmp_path, "bp4d").clips
    assert (clip.code, clip.emotion) == ("F001_T3", "surprise")


def test_a_manifest_needs_no_layout(tmp_path: Path) -> None:
    empty_files(tmp_path, "a/1.mp4", "b/1.mp4")
    manifest = tmp_path / "mine.csv"
    manifest.write_text(
        "path,label,subject,emotion\na/1.mp4,posed,7,angry\nb/1.mp4,genuine,8,Joy\n"
    )
    found = read_videos(manifest)
    assert [(c.code, c.subject, c.emotion, c.kind) for c in found.clips] == [
        ("a_1", "7", "anger", "posed"),
        ("b_1", "8", "happiness", "genuine"),
    ]
    assert list(found.to_frame().columns) == ["code", "subject", "type", "emotion", "path"]
    assert len(found.only(["anger"])) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a.mp4,posed,,happy", "needs a subject"),
        ("a.mp4,posed,1,", "needs a subject"),
        ("a.mp4,posed,1,bored", "No emotion 'bored'"),
    ],
)
def test_a_manifest_without_people_or_emotions_is_refused(
    line: str, message: str, tmp_path: Path
) -> None:
    manifest = tmp_path / "mine.csv"
    manifest.write_text(f"path,label,subject,emotion\n{line}\n")
    with pytest.raises(DataError, match=message):
        read_videos(manifest)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not there"):
        read_videos(tmp_path / "nowhere", "ravdess")
    with pytest.raises(DataError, match=r"no layout is given; known: sase-fe"):
        read_videos(tmp_path)
    with pytest.raises(DataError, match="no layout 'mine'"):
        read_videos(tmp_path, "mine")
    with pytest.raises(DataError, match="no clip of RAVDESS"):
        read_videos(tmp_path, "ravdess")


def test_two_clips_of_one_name_are_refused(tmp_path: Path) -> None:
    empty_files(tmp_path, "a/22_ps_3.mp4", "b/22_ps_3.mp4")
    with pytest.raises(DataError, match="Two clips of PEDFE have the name 22_ps_3"):
        read_videos(tmp_path, "pedfe-videos")


def test_clips_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    empty_files(tmp_path, "10_ps_1.mp4", "2_ps_1.mp4")
    found = read_videos(tmp_path, "pedfe-videos")
    assert isinstance(found, VideoSet)
    assert [clip.code for clip in found.clips] == ["2_ps_1", "10_ps_1"]


def test_words_for_emotions_are_told_apart_from_others() -> None:
    assert plain_emotion(" Happy ") == "happiness"
    with pytest.raises(DataError, match="No emotion 'angst'"):
        plain_emotion("angst")


@pytest.mark.parametrize(
    ("subject", "emotion", "kind", "message"),
    [
        ("", "fear", "posed", "names no subject"),
        ("1", "angst", "posed", "unknown emotion, 'angst'"),
        ("1", "fear", "fake", "is 'fake', neither genuine nor posed"),
    ],
)
def test_clips_of_nobody_or_of_unknown_kinds_are_refused(
    subject: str, emotion: str, kind: str, message: str
) -> None:
    clip = VideoClip(Path("a.mp4"), "a", subject, emotion, kind)
    with pytest.raises(DataError, match=message):
        VideoSet.from_clips("mine", "by hand", [clip])


def test_a_manifest_takes_no_layout(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").touch()
    with pytest.raises(DataError, match="needs no layout"):
        read_videos(tmp_path / "mine.csv", "ravdess")
