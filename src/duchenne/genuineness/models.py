"""The shipped models behind a verdict, each loaded when first needed."""

from __future__ import annotations

from functools import cache
from typing import Literal

from duchenne.genuineness.clip_model import MODEL, WITH_PERSON, KernelModel
from duchenne.genuineness.reference import Reference
from duchenne.genuineness.smile import SmileModel
from duchenne.genuineness.still_model import STILL_MODELS, StillModel


class Models:
    """What a verdict is made with.

    Raises (every method that loads):
        ModelError: weights are missing, or not those their card describes.
    """

    def __init__(self) -> None:
        self._clips: dict[bool, KernelModel] = {}
        self._stills: dict[str, StillModel] = {}
        self._reference: Reference | None = None
        self._smiles = SmileModel()

    def clips(self, *, by_person: bool = False) -> KernelModel:
        """The model of clips; ``by_person``: the one that also looks at the person's others."""
        if by_person not in self._clips:
            self._clips[by_person] = KernelModel(WITH_PERSON if by_person else MODEL)
        return self._clips[by_person]

    def still(self, look: Literal["aus", "landmarks"]) -> StillModel:
        """The model of one frame."""
        if look not in self._stills:
            self._stills[look] = StillModel(look)
        return self._stills[look]

    def reference(self) -> Reference:
        """How the training clips' numbers are spread."""
        if self._reference is None:
            self._reference = Reference.load()
        return self._reference

    def smiles(self) -> SmileModel:
        """The models of smiles, other evidence beside a verdict."""
        return self._smiles

    def name(self, source: Literal["clip", "aus", "landmarks"]) -> str:
        """Of the model that judges from a source, without loading it."""
        return MODEL if source == "clip" else STILL_MODELS[source]


@cache
def shipped() -> Models:
    """One for the whole process: networks load once."""
    return Models()
