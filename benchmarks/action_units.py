"""Fits the Action Units anew, checks them, and writes weights and card.

Usage: python benchmarks/action_units.py --data DIR [--ship]

DIR: a folder with ict_facekit, london_faces, pedfe and media (``duchenne evaluate action-units``
says what is measured). One thread, about two minutes. Without ``--ship`` nothing is written.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from duchenne.evaluation.action_units import fit as fitting
from duchenne.evaluation.action_units.card import action_units_card, card_with, write_weights
from duchenne.evaluation.action_units.checks import evaluate_action_units
from duchenne.evaluation.action_units.ict_head import IctHead
from duchenne.evaluation.action_units.london import read_london
from duchenne.evaluation.action_units.pedfe import EVERY, read_pedfe
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ship", action="store_true", help="write weights and card")
    options = parser.parse_args()
    networks = FaceNetworks()
    face = CanonicalFace.from_bytes(networks.geometry)
    head = IctHead.from_folder(options.data / "ict_facekit", face)
    pedfe = read_pedfe(options.data / "pedfe", face)
    resting = read_london(options.data / "london_faces", networks).neutral
    fit = fitting.fit_action_units(head, pedfe, resting)
    evaluation = evaluate_action_units(options.data, fit.weights, print)
    print(evaluation.to_text())
    if options.ship:
        training = {
            "method": "ridge regression by region on synthetic faces, blendshapes beside it",
            "synthetic faces": fitting.FACES,
            "seed": fitting.SEED,
            "every frame of": EVERY,
        }
        card = action_units_card(write_weights(fit.weights), fit.gains, training)
        print(f"Written: {card_with(card, evaluation).save()}")


if __name__ == "__main__":
    main()
