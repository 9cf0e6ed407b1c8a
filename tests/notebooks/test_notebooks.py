"""Each notebook runs from its first cell to its last, and finds what its prose says."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, SHARED

nbformat = pytest.importorskip("nbformat", reason="nbformat is missing: pip install -e '.[dev]'")
nbclient = pytest.importorskip("nbclient", reason="nbclient is missing: pip install -e '.[dev]'")
pytest.importorskip("ipykernel", reason="ipykernel is missing: pip install -e '.[dev]'")

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
SECONDS = 600
"""A cell takes seconds on a quiet machine; a busy one is no bug."""

NEEDED = {"train_your_own": "sklearn", "affect_from_aus": "sklearn"}
WITHOUT_CLIP = {"affect_from_aus", "audit", "synchrony"}

# What holds after the last cell, in the notebook's own names.
FOUND = {
    "first_recording": [
        "len(portrait) == 1 and portrait.face_ids == [0]",
        "emotions.idxmax() == 'happy' and abs(emotions.sum() - 1) < 1e-4",
        "len(recording) == 120 and recording.landmarks.shape == (120, 478, 3)",
        "page.is_file() and again.table.equals(recording.table)",
    ],
    "genuine_smiles": [
        "len(expressions) >= 1 and len(judged) == len(expressions)",
        "all((one.verdict == 'undecided') == bool(one.why) for _, one in judged)",
        "any('frames/s' in why for _, one in duchenne.judge(slow, whole=True) for why in one.why)",
        "duchenne.judge(picture)[0][1].evidence.startswith('still')",
        "figures and all(one.low <= one.value <= one.high for one in figures.values())",
        "not pedfe or aucs.loc['AU12, rise', 'low'] <= aucs.loc['AU12, rise', 'AUC']",
    ],
    "audit": [
        "not audit.passed and bad_auc > audit.bar",
        "mended.passed and brightness_auc(mended) < audit.bar",
        "(HOME / 'page' / 'audit.html').is_file()",
    ],
    "synchrony": [
        "found.isc.shape == (len(found.starts), 4)",
        "hit > 0.5 and false < 0.02",
        "found.significant[:, 3].max() == 0",
        "ratings is None or rated.shares[0] > 0.2",
    ],
    "from_openface": [
        "recording.metadata.tool == 'OpenFace' and not recording.has_landmarks",
        "recording.further.shape[1] > 100",
        "verdict.evidence.startswith('still')",
        "0.4 < accuracy.low < accuracy.value < accuracy.high < 0.7",
    ],
    "train_your_own": [
        "layout['label'].tolist() == ['posed', 'genuine'] and len(inputs) > 100",
        "answers['random folds: people on both sides'].value > answers['people kept apart'].value",
        "answers['people kept apart'].low > 0.5",
        "answers['labels shuffled, people kept apart'].low < 0.5",
        "model.undecided(newcomers)[5]",
    ],
    "affect_from_aus": [
        "all(one.r.low > 0.3 for one in scores.values())",
        "'AU12' in set(worth['positive']['unit'].tail(2))",
        "scores['positive', 'forest'].r.value > scores['negative', 'forest'].r.value",
    ],
}


def _read(name: str) -> Any:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def _run(name: str, shared: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run it and check what it found; gives what it printed."""
    notebook = _read(name)
    checks = "\n".join(f"assert {check}, {check!r}" for check in FOUND[name])
    notebook.cells.append(nbformat.v4.new_code_cell(checks))
    monkeypatch.setenv("DUCHENNE_SHARED_DATA", str(shared))
    # The notebooks call the command that belongs to this Python.
    beside = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{beside}{os.pathsep}{os.environ['PATH']}")
    place = {"metadata": {"path": str(FOLDER)}}
    nbclient.NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources=place
    ).execute()
    printed = [
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream"
    ]
    return "".join(printed)


def _check_needs(name: str) -> None:
    if name in NEEDED:
        pytest.importorskip(NEEDED[name])
    if name not in WITHOUT_CLIP and not (ROOT / "out" / "media" / "carphone.mp4").exists():
        pytest.skip("the public clip is not there: `make test` fetches it")


def test_every_notebook_is_checked() -> None:
    assert set(NOTEBOOKS) == set(FOUND)


@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _check_needs(name)
    _run(name, SHARED, monkeypatch)


@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("affect_from_aus", "MADE UP"),
        ("from_openface", "Made from the public clip"),
        ("genuine_smiles", "Skipped: PEDFE"),
        ("synchrony", "No film ratings"),
    ],
)
def test_it_runs_without_the_shared_data(
    name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not SHARED.is_dir():
        pytest.skip("there are no shared data here, so the other test did this already")
    _check_needs(name)
    assert says in _run(name, tmp_path, monkeypatch)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_nothing_of_a_run_is_stored(name: str) -> None:
    notebook = _read(name)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert not any(cell.get("attachments") for cell in notebook.cells)
    # Widgets and editors leave what they showed in the metadata.
    assert all(not cell.metadata for cell in notebook.cells)
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_teaches_in_prose(name: str) -> None:
    kinds = [cell.cell_type for cell in _read(name).cells]
    assert 8 <= len(kinds) <= 22
    assert kinds[0] == "markdown"
    assert kinds.count("markdown") >= 0.4 * len(kinds)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_its_links_lead_somewhere(name: str) -> None:
    text = json.dumps(_read(name))
    named = {part.split(")")[0] for part in text.split("](")[1:]}
    local = {link for link in named if not link.startswith("http")}
    assert all((FOLDER / link).is_file() for link in local), local
