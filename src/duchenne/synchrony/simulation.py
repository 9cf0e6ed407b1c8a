"""Made-up people whose synchrony is known: what the nulls are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from duchenne.synchrony.alignment import Aligned

Values = NDArray[np.float64]

Kind = Literal["white", "smooth", "slow", "bursts", "arousal"]
KINDS: Final[dict[str, str]] = {
    "white": "noise without memory",
    "smooth": "noise blurred by 0.4 s, as faces move",
    "slow": "noise blurred by 3 s, as ratings move",
    "bursts": "short displays at each person's own moments, still between them",
    "arousal": "smooth noise that grows and shrinks in everybody at once, in no common direction",
}
assert set(KINDS) == set(get_args(Kind))

_BLUR: Final = {"white": 0.0, "smooth": 0.4, "slow": 3.0, "bursts": 0.4, "arousal": 0.4}
_BURSTS_A_MINUTE: Final = 4.0


@dataclass(frozen=True, eq=False)
class MadeUp:
    """People whose synchrony is known.

    Attributes:
        aligned: their series.
        events: (k, 2) s, from when to when the synchronous features share a movement.
        synchronous: (features,) which features do.
    """

    aligned: Aligned
    events: Values
    synchronous: NDArray[np.bool_]

    def truth(self, starts: Values, ends: Values) -> NDArray[np.bool_]:
        """(n, features) whether at least half of an event lies in the window."""
        low = np.maximum(starts[:, None], self.events[:, 0])
        high = np.minimum(ends[:, None], self.events[:, 1])
        half = (self.events[:, 1] - self.events[:, 0]) / 2
        inside = np.asarray(high - low >= half).any(axis=1, keepdims=True)
        return np.asarray(inside & self.synchronous)


@dataclass(frozen=True)
class Scene:
    """Who is made up, and how.

    Attributes:
        kind: of movement, one of ``KINDS``.
        people: how many.
        features: how many; those of a person go together (r about 0.5).
        seconds: how long.
        rate: samples a second.
        events: moments at which half of the features move alike in everybody.
        strength: of the common movement, in standard deviations of the person's own.
    """

    kind: Kind = "smooth"
    people: int = 10
    features: int = 6
    seconds: float = 180.0
    rate: float = 25.0
    events: int = 0
    strength: float = 1.0


def make_up(scene: Scene, seed: int) -> MadeUp:
    """People as a scene has them; the same seed gives the same people."""
    random = np.random.default_rng(seed)
    samples = round(scene.seconds * scene.rate)
    shape = (scene.features + 1, scene.people, samples)
    own = _movement(random, scene, shape)
    # A part that all features of a person share.
    values = (own[1:] + own[:1]) / np.sqrt(2)
    synchronous = np.zeros(scene.features, bool)
    events = np.empty((0, 2))
    if scene.events:
        synchronous[: max(1, scene.features // 2)] = True
        events = _events(random, scene)
        common = _common(random, scene, events, samples)
        values[synchronous] += scene.strength * common
    people = tuple(f"person {i + 1}" for i in range(scene.people))
    names = tuple(f"feature {i + 1}" for i in range(scene.features))
    return MadeUp(Aligned(values, people, names, scene.rate), events, synchronous)


def _movement(random: np.random.Generator, scene: Scene, shape: tuple[int, int, int]) -> Values:
    """Movements of standard deviation 1."""
    if scene.kind == "bursts":
        raw = (random.random(shape) < _BURSTS_A_MINUTE / 60 / scene.rate).astype(np.float64)
        raw *= random.exponential(1.0, shape)
    else:
        raw = random.standard_normal(shape)
    found = _blurred(raw, _BLUR[scene.kind] * scene.rate)
    if scene.kind == "bursts":
        found += 0.1 * found.std() * random.standard_normal(shape)
    if scene.kind == "arousal":
        found *= np.exp(1.5 * _scaled(_blurred(random.standard_normal(shape[2]), 5 * scene.rate)))
    return _scaled(found)


def _events(random: np.random.Generator, scene: Scene) -> Values:
    """Beginnings that leave each event its own part of the time."""
    length = 4.0
    room = scene.seconds / scene.events
    begins = np.arange(scene.events) * room + random.uniform(0, max(room - length, 0), scene.events)
    return np.column_stack([begins, begins + length])


def _common(
    random: np.random.Generator, scene: Scene, events: Values, samples: int
) -> NDArray[np.float64]:
    """(samples,) a movement as smooth as faces, there during the events only."""
    common = _scaled(_blurred(random.standard_normal(samples), 0.4 * scene.rate))
    times = np.arange(samples) / scene.rate
    inside = ((times >= events[:, :1]) & (times < events[:, 1:])).any(axis=0)
    return np.asarray(np.where(inside, common, 0.0))


def _blurred(values: Values, sigma: float) -> Values:
    """Gaussian blur of ``sigma`` samples over the last axis, which is taken as a circle."""
    if sigma == 0:
        return values
    frequency = np.fft.rfftfreq(values.shape[-1])
    response = np.exp(-2 * (np.pi * frequency * sigma) ** 2)
    return np.asarray(np.fft.irfft(np.fft.rfft(values) * response, n=values.shape[-1]))


def _scaled(values: Values) -> Values:
    spread = values.std(axis=-1, keepdims=True)
    centred = values - values.mean(axis=-1, keepdims=True)
    return np.asarray(centred / np.where(spread > 0, spread, 1.0))
