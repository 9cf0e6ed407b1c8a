"""Where do the eyes lie in FER-2013's pictures? The goal of our aligned crops.

Runs the landmark pipeline on Training pictures (enlarged, with a border, since a face that fills
the frame is hard to detect) and prints the medians with their quartiles.

    python benchmarks/fer2013_alignment.py PATH_TO_FER2013 [--pictures 3000]
"""

from __future__ import annotations

import argparse

import cv2
import numpy as np
from tqdm import tqdm

from duchenne.evaluation.datasets.fer2013 import SIDE, read_fer2013
from duchenne.faces import FaceTracker
from duchenne.faces.geometry import eye_centres, interocular

ENLARGED, BORDER = 192, 96


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("--pictures", type=int, default=3000)
    options = parser.parse_args()
    images = read_fer2013(options.data).split("Training").images
    chosen = np.random.default_rng(0).permutation(len(images))[: options.pictures]
    tracker = FaceTracker(max_faces=1)
    found = []
    for image in tqdm(images[chosen], unit="picture"):
        large = cv2.resize(image, (ENLARGED, ENLARGED), interpolation=cv2.INTER_LINEAR)
        framed = cv2.copyMakeBorder(large, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_REPLICATE)
        faces = tracker.still(cv2.cvtColor(framed, cv2.COLOR_GRAY2RGB))
        if len(faces):
            eyes = (eye_centres(faces.landmarks[0])[:, :2] - BORDER) * SIDE / ENLARGED
            distance = interocular(faces.landmarks[0]) * SIDE / ENLARGED
            found.append([*eyes.ravel(), distance])
    print(f"{len(found)} of {len(chosen)} pictures with a face; pixels of {SIDE}:")
    names = ("right eye x", "right eye y", "left eye x", "left eye y", "distance in 3-D")
    for name, values in zip(names, np.array(found).T, strict=True):
        low, middle, high = np.percentile(values, [25, 50, 75])
        print(f"{name:16s} median {middle:6.2f}   quartiles {low:6.2f} to {high:6.2f}")


if __name__ == "__main__":
    main()
