"""Expressions: each display of a recording with its onset, apex, offset and dynamics."""

from duchenne.expressions.dynamics import DYNAMICS, Feature, describe
from duchenne.expressions.expression import Expression, find_expressions, to_frame

__all__ = ["DYNAMICS", "Expression", "Feature", "describe", "find_expressions", "to_frame"]
