"""Stands in for an installed OpenFace: the same options, the same format, faces as it is told."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from duchenne.action_units.openface import COLUMNS, INTENSITIES, POINTS_2D, PRESENCES

# frame (from 1), face, x, y, width, height of the 68 points, intensity of every Action Unit;
# without a box: a failed frame.
Face = tuple[float, ...]

_PROGRAM = """#!{python}
import json, sys
from pathlib import Path
told = json.loads(Path(__file__).with_name("told.json").read_text())
options = sys.argv[1:]
Path(__file__).with_name("called.json").write_text(json.dumps([Path(__file__).name, *options]))
if told["fails"]:
    print("Could not open the input file.", file=sys.stderr)
    sys.exit(1)
assert options[0] in ("-f", "-fdir") and Path(options[1]).exists()
assert {{"-aus", "-2Dfp"}} <= set(options)
out = Path(options[options.index("-out_dir") + 1])
picture = Path(__file__).name == "FaceLandmarkImg"
keys = ["face", "confidence"] if picture else {keys}
lines = [", ".join(keys + told["names"])]
for frame, face, *rest in told["faces"]:
    success = len(rest) > 0
    x, y, width, height, unit = rest or [0] * 5
    start = [face, 0.98] if picture else [frame, face, (frame - 1) / 25, 0.98 * success, success]
    values = [f"{{v:.2f}}" if isinstance(v, float) else str(int(v)) for v in start]
    xs = [f"{{x + width * i / 67:.1f}}" for i in range(68)]
    ys = [f"{{y + height * i / 67:.1f}}" for i in range(68)]
    units = [f"{{unit:.2f}}"] * 17 + [f"{{float(unit >= 1):.1f}}"] * 18
    lines.append(", ".join(values + xs + ys + units))
name = options[options.index("-of") + 1]
(out / (name + ".csv")).write_text("\\n".join(lines) + "\\n")
"""


def install(folder: Path, faces: list[Face], *, fails: bool = False) -> Path:
    """Write both programs into a folder; ``called.json`` there tells how they were called."""
    names = [name for name in COLUMNS if name in {*POINTS_2D, *INTENSITIES, *PRESENCES}]
    folder.mkdir(parents=True, exist_ok=True)
    told = {"faces": faces, "fails": fails, "names": names}
    (folder / "told.json").write_text(json.dumps(told))
    text = _PROGRAM.format(python=sys.executable, keys=list(COLUMNS[:5]))
    for name in ("FeatureExtraction", "FaceLandmarkImg"):
        program = folder / name
        program.write_text(text)
        program.chmod(0o755)
    return folder


def called(folder: Path) -> list[str]:
    """Name and options of the last call."""
    return list(json.loads((folder / "called.json").read_text()))
