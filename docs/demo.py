"""Analyses the public picture and the public clip, and shows where to look and what was found.

Usage: python docs/demo.py MEDIA OUT
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from duchenne.recording import Recording

HEADER = ("source", "frames", "faces", "displayed most", "AU12 at most", "head turned by")
LAYOUT = "{:<16}{:>8}{:>7}  {:<18}{:<14}{:<14}"


def main(media: Path, out: Path) -> None:
    sources = [str(media / name) for name in ("astronaut.png", "carphone.mp4")]
    duchenne = str(Path(sys.executable).with_name("duchenne"))
    done = subprocess.run([duchenne, "analyze", *sources, "--out", str(out)], check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)
    show(sorted(path.parent for path in out.rglob("recording.json")))


def show(folders: list[Path]) -> None:
    print(f"\n{LAYOUT.format(*HEADER)}")
    for folder in folders:
        print(LAYOUT.format(*row(Recording.load(folder))))
    print("\nOpen in a browser:")
    for folder in folders:
        for report in sorted(folder.glob("*.html")):
            print(f"  {report}")


def row(recording: Recording) -> tuple[str, ...]:
    """The recording in one line, about the face that is seen longest."""
    meta = recording.metadata
    if not recording.face_ids:
        return (meta.source.name, str(meta.frames), "0", "-", "-", "-")
    face = recording.face(recording.face_ids[0])
    emotions = face.filter(like="emotion_").mean()
    name = str(emotions.idxmax()).removeprefix("emotion_")
    share = 100 * emotions.max()
    most = f"{name}, over 99 %" if share > 99 else f"{name}, {share:.0f} %"
    turned = f"{face['pose_yaw'].abs().max():.0f} degrees"
    smile = f"{face['AU12_r'].max():.1f} of 5"
    faces = str(len(recording.face_ids))
    return (meta.source.name, str(meta.frames), faces, most, smile, turned)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
