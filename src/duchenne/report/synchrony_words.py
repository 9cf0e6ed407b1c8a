"""What the page about synchrony says in sentences."""

from __future__ import annotations

from typing import Final

import numpy as np

from duchenne.report.synchrony_charts import named, strongest
from duchenne.report.words import clock, count, percent, span
from duchenne.synchrony.peaks import Agreement
from duchenne.synchrony.synchrony import Synchrony

NULLS: Final = {
    "shift": "each person's series moved in time as a whole",
    "phase": "each person's series with its Fourier phases drawn at random",
    "time": "each feature's time points shuffled within each person",
}
_CORRECTIONS: Final = {
    "max": "the highest value over all features and windows of each surrogate",
    "features": "the highest value over features in each surrogate, window by window",
    "cluster": "the heaviest run of neighbouring windows in each surrogate",
    "fdr": "Benjamini and Hochberg's false discovery rate over all windows and features",
}


def summary(synchrony: Synchrony) -> str:
    """The first sentences of the page."""
    people, known = len(synchrony.people), np.isfinite(synchrony.isc).any(axis=1)
    found = (synchrony.significant == 1).any(axis=1)
    share = float(found.sum() / max(known.sum(), 1))
    long = span(float(synchrony.ends[-1] - synchrony.starts[0]))
    best = strongest(synchrony)[0]
    mean, low, high = synchrony.feature_means[best]
    said = (
        f"{count(people, 'person', 'people')} over {long}, "
        f"{count(len(synchrony.starts), 'window')}. "
    )
    if not found.any():
        return said + "In none of them do they go together more than chance allows."
    many = len(synchrony.features) > 1
    what = "at least one feature goes" if many else "they go"
    said += f"In {percent(share)} of the windows {what} together beyond chance"
    feature = f", most often {named(synchrony.features[best])}" if many else ""
    return (
        f"{said}{feature} (mean correlation {mean:.2f}, 95 % over people {low:.2f} to {high:.2f})."
    )


def facts(synchrony: Synchrony) -> list[tuple[str, str]]:
    """The settings, in short."""
    chosen = synchrony.settings
    long = synchrony.ends[0] - synchrony.starts[0]
    window = (
        "the whole time" if len(synchrony.starts) == 1 else f"{long:g} s, step {chosen.step:g} s"
    )
    return [
        ("People", f"{len(synchrony.people):,}"),
        ("Features", f"{len(synchrony.features):,}"),
        ("Window", window),
        ("Samples a second", f"{synchrony.rate:g}"),
        ("Correlation", f"{chosen.measure}, {chosen.method.capitalize()}"),
        ("Null", f"{chosen.null}, {chosen.surrogates:,} surrogates"),
        ("Correction", chosen.correction),
    ]


def methods(synchrony: Synchrony) -> list[tuple[str, str]]:
    """How it was made, and what it is not."""
    chosen = synchrony.settings
    how = (
        "the mean over pairs of people of the correlation of their series"
        if chosen.measure == "pairwise"
        else "the mean over people of the correlation with the mean of the others"
    )
    fisher = ", averaged by Fisher's z" if chosen.average == "z" else ""
    return [
        ("t-ISC", f"In each window, {how}{fisher}; from \N{MINUS SIGN}1 to 1."),
        (
            "Chance",
            f"Surrogates have {NULLS[chosen.null]}. Thresholds compare with "
            f"{_CORRECTIONS[chosen.correction]}; each tail has an error rate of "
            f"{100 * chosen.alpha:g} %.",
        ),
        (
            "Missing samples",
            f"Two people are compared over the samples that both have. A person counts in a window "
            f"with {percent(chosen.min_valid)} of its samples, and where they change at all.",
        ),
        (
            "What it is not",
            "People can move alike because they watch the same, because they see each other, or "
            "because the light flickers on all of them. The numbers tell what was displayed or "
            "rated, not what anybody experienced.",
        ),
    ]


def of_agreement(synchrony: Synchrony, agreement: Agreement) -> str:
    """How rated peaks go with synchrony."""
    above = int((agreement.share > agreement.threshold).sum())
    top = int(np.argmax(agreement.share))
    said = (
        f"{count(len(agreement.people), 'rater')}; at most {percent(float(agreement.share[top]))} "
        f"of them have a peak in one window (at {clock(float(synchrony.starts[top]))}), and "
        f"{count(above, 'window')} lie above chance. "
    )
    mean = f"r = {agreement.r[0]:.2f}, p = {agreement.p[0]:.3f}".replace("-", "\N{MINUS SIGN}")
    return (
        f"{said}The share goes with mean t-ISC at {mean}, against {agreement.shifts:,} ways of "
        "moving one against the other in time."
    )
