"""Expressions: each display of a recording with its onset, apex, offset and dynamics."""

from duchenne.expressions.dynamics import DYNAMICS, Feature, describe
from duchenne.expressions.expression import Expression, find_expressions, to_frame
from duchenne.expressions.expressions import Expressions

__all__ = [
    "DYNAMICS",
    "Expression",
    "Expressions",
    "Feature",
    "describe",
    "find_expressions",
    "to_frame",
]
