"""Our models of clips as scikit-learn estimators, for pipelines and searches of one's own.

``GenuinenessClassifier`` is the machine behind the shipped genuineness models
(``learning.genuineness_kernel``), ``DistanceClassifier`` the classifier of Study I
(``evaluation.distances``). Both call that code, so they give its numbers. Import them from here::

    from duchenne.learning.estimators import DistanceClassifier, GenuinenessClassifier
"""

from __future__ import annotations

from duchenne.learning.estimators_distance import DistanceClassifier
from duchenne.learning.estimators_genuineness import GenuinenessClassifier

__all__ = ["DistanceClassifier", "GenuinenessClassifier"]
