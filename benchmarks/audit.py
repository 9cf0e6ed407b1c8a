"""What does the shortcut audit find? Runs it on the seeds' situation and on public data sets.

Usage: python benchmarks/audit.py --data DIR [--only NAME ...] [--verdicts FOLDER] [--out FOLDER]
    [--docs]

DIR: the shared data, with the folders london_faces (DeBruine and Jones 2017), pedfe (Miolla et al.
2023), fer2013 and uva_nemo_features. The seeds' situation is built from two of them: deliberate
smiles of London beside genuine happiness of PEDFE, once as the files come, once with London's faces
cut out like PEDFE's crops (grey, 112 x 112 pixels, eyes level, surroundings black, the same
JPEG tables).

Rows of the sets that were run replace theirs in results/audit.csv. ``--out`` keeps the pages.
``--docs`` writes the table of docs/audit.md from the CSV; alone with ``--docs`` nothing is run.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image

from duchenne.evaluation.audit import Audit, AuditSet, read_audit_set, run_audit
from duchenne.evaluation.audit.listing import Columns
from duchenne.evaluation.audit.scorers import in_our_words, scorer_of
from duchenne.evaluation.datasets.pedfe import EYES, SIDE, read_clips
from duchenne.evaluation.machine import Circumstances
from duchenne.faces import FaceNetworks, FaceTracker
from duchenne.faces.geometry import CROP, aligned_crop
from duchenne.media.pictures import read_picture
from duchenne.report.audit_page import write_audit

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "audit.csv"
DOCS = ROOT / "docs" / "audit.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"
FACE_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip

Picture = NDArray[np.uint8]


def seed_situation(data: Path, folder: Path, alike: bool) -> AuditSet:
    """Posed smiles of one source, genuine ones of another; ``alike``: London cut like PEDFE."""
    rows = [*london(data / "london_faces", folder, alike), *pedfe(data / "pedfe", folder)]
    manifest = folder / "manifest.csv"
    pd.DataFrame(rows, columns=["path", "label", "subject", "source"]).to_csv(manifest, index=False)
    found = read_audit_set(manifest, Columns())
    name = "London posed, PEDFE genuine" + (", cut alike" if alike else "")
    return AuditSet(**{**vars(found), "name": name})


def london(folder: Path, out: Path, alike: bool) -> list[tuple[str, str, str, str]]:
    rows = []
    first = pq.read_table(folder.parent / "pedfe" / "crops.parquet", columns=["image"])["image"][0]
    tables = Image.open(io.BytesIO(first.as_py())).quantization  # type: ignore[attr-defined]
    tracker = FaceTracker(networks=FaceNetworks()) if alike else None
    for path in sorted(folder.glob("*_smiling.jpg")):
        shown = path
        if tracker is not None:
            shown = out / f"london_{path.stem}.jpg"
            Image.fromarray(cut(read_picture(path), tracker)).save(shown, qtables=tables)
        rows.append((str(shown), "posed", f"london {path.stem.split('_')[0]}", "London"))
    return rows


def cut(picture: Picture, tracker: FaceTracker) -> Picture:
    """A face as PEDFE's crops show it."""
    landmarks = tracker.still(picture).landmarks[0]
    oval = landmarks[list(FACE_OVAL), :2].round().astype(np.int32)
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(oval), 1)
    eyes = np.array(EYES) * (CROP / SIDE)
    crop = aligned_crop(picture * mask[..., None], landmarks, SIDE, eyes)
    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), np.uint8)


def pedfe(folder: Path, out: Path) -> list[tuple[str, str, str, str]]:
    """The middle crop of each clip of genuine happiness."""
    clips = read_clips(folder)
    wanted = clips[(clips["type"] == "genuine") & (clips["emotion"] == "happiness")]
    crops = pq.read_table(folder / "crops.parquet", columns=["code", "image"]).to_pandas()
    groups = {code: rows["image"].tolist() for code, rows in crops.groupby("code")}
    rows = []
    for number, clip in enumerate(wanted.itertuples(index=False)):
        blobs = groups.get(clip.code, [])
        if blobs:
            # Numbered anew: the codes of PEDFE name the label.
            path = out / f"pedfe_{number:03}.jpg"
            path.write_bytes(blobs[len(blobs) // 2])
            rows.append((str(path), "genuine", f"pedfe {clip.subject}", "PEDFE"))
    return rows


def situation(data: Path, alike: bool) -> Audit:
    with tempfile.TemporaryDirectory() as folder:
        return run_audit(seed_situation(data, Path(folder), alike))


def plain(data: Path, folder: str, *models: str, label: str | None = None) -> Audit:
    found = read_audit_set(data / folder, Columns(label=label))
    return run_audit(in_our_words(found), [scorer_of(name, found) for name in models])


# What `duchenne evaluate genuineness --model default --out FOLDER` left (``--verdicts FOLDER``).
VERDICTS: list[str] = []

SETS: dict[str, Callable[[Path], Audit]] = {
    "seeds": partial(situation, alike=False),
    "seeds-alike": partial(situation, alike=True),
    "pedfe": partial(plain, folder="pedfe"),
    "pedfe-verdicts": lambda data: plain(data, "pedfe", *VERDICTS),
    "uva": lambda data: plain(data, "uva_nemo_features", "smile"),
    "pedfe-emotions": lambda data: plain(data, "pedfe", "emotion_compact", label="emotion"),
    "fer2013": lambda data: plain(data, "fer2013", "emotion_compact"),
}


def table(name: str, audit: Audit) -> pd.DataFrame:
    """A row a figure: its name, value, interval, and what chance does."""
    rows: list[dict[str, object]] = []

    def add(
        figure: str,
        value: float,
        low: float | None = None,
        high: float | None = None,
        chance: float | None = None,
        p: float | None = None,
    ) -> None:
        rows.append(
            {"set": name, "data": audit.data.name, "items": len(audit.data), "figure": figure,
             "value": value, "low": low, "high": high, "chance_95": chance, "p": p}
        )  # fmt: skip

    for one in audit.shortcuts:
        low, high = (one.auc.low, one.auc.high) if one.auc is not None else (None, None)
        sort = "" if one.sort != "single" else "alone: "
        add(f"AUC {sort}{one.name}", one.value, low, high, one.chance, one.p)
    if audit.content is not None:
        add("AUC content", audit.content.plain, chance=audit.content.shuffled)
        for gap in audit.content.gaps:
            for part in ("random", "kept", "gap"):
                estimate = getattr(gap, part)
                told = f"AUC content, {gap.apart}, {part}"
                add(told, estimate.value, estimate.low, estimate.high)
    leaks = audit.leaks
    add("groups of copies", len(leaks.copies))
    add("groups of copies with conflicting labels", len(leaks.conflicting))
    add("pairs of near copies", len(leaks.near))
    for small, large, _, same, near in leaks.crossing():
        add(f"copies of {small} in {large}", same)
        add(f"near copies of {small} in {large}", near)
    for model in audit.models:
        for score in model.scores:
            parts = {k: v for k, v in asdict(score).items() if isinstance(v, dict)}
            for part, estimate in parts.items():
                figure = f"{model.model}, {score.name}: {part}"
                add(figure, estimate["value"], estimate["low"], estimate["high"])
        for edit, share in model.flips.items():
            add(f"{model.model}: verdicts changed, {edit}", share.value, share.low, share.high)
    add("beats the bar", float(not audit.passed))
    about = Circumstances.now()
    return pd.DataFrame(rows).assign(
        verdict=audit.headline, date=about.date, commit=about.commit, machine=about.machine
    )


def write(fresh: pd.DataFrame) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    kept = pd.read_csv(RESULTS) if RESULTS.is_file() else fresh.iloc[:0]
    kept = kept[~kept["set"].isin(fresh["set"])]
    joined = pd.concat([frame for frame in (kept, fresh) if len(frame)], ignore_index=True)
    joined.round(6).to_csv(RESULTS, index=False)


def docs() -> str:
    """The table of docs/audit.md."""
    results = pd.read_csv(RESULTS)
    lines = [
        "| data | items | nuisances together: AUC (95 %) | strongest alone | chance, 95 % | "
        "content, random folds | people apart | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in SETS:
        rows = results[results["set"] == name]
        if rows.empty:
            continue
        by = rows.set_index("figure")
        whole = by[by.index.str.startswith("AUC all nuisances")].sort_values("value").iloc[-1]
        alone = by[by.index.str.startswith("AUC alone: ")].sort_values("value")
        strongest = alone.index[-1].removeprefix("AUC alone: ")
        parts = [_value(by, f"AUC content, people, {part}") for part in ("random", "kept")]
        lines.append(
            f"| {rows['data'].iloc[0]} | {rows['items'].iloc[0]:,} | {_interval(whole)} | "
            f"{strongest} {_interval(alone.iloc[-1])} | {whole['chance_95']:.2f} | "
            f"{' | '.join(parts)} | {rows['verdict'].iloc[0]} |"
        )
    return "\n".join(lines)


def _value(by: pd.DataFrame, figure: str) -> str:
    return _interval(by.loc[figure]) if figure in by.index else "–"


def _interval(row: pd.Series) -> str:
    if pd.isna(row["low"]):
        return f"{row['value']:.2f}"
    return f"{row['value']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="the shared data")
    parser.add_argument("--only", nargs="+", choices=sorted(SETS), help="these sets only")
    parser.add_argument("--verdicts", type=Path, help="folder of duchenne evaluate genuineness")
    parser.add_argument("--out", type=Path, help="keep the pages here")
    parser.add_argument("--docs", action="store_true", help="write the table of docs/audit.md")
    options = parser.parse_args()
    if options.data is not None:
        if options.verdicts is not None:
            VERDICTS.append(str(options.verdicts / "predictions.csv"))
        for name in options.only or SETS:
            if name == "pedfe-verdicts" and not VERDICTS:
                print("pedfe-verdicts: left out without --verdicts")
                continue
            audit = SETS[name](options.data)
            write(table(name, audit))
            print(f"{audit.to_text()}\n")
            if options.out is not None:
                audit.save(options.out / name)
                write_audit(audit, options.out / name / "audit.html")
    if options.docs:
        text = DOCS.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        after = rest.split(END)[1]
        DOCS.write_text(f"{before}{BEGIN}\n{docs()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
