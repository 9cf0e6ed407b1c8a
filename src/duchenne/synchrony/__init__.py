"""Synchrony between people: temporal inter-subject correlation, tested against chance."""

from duchenne.synchrony.alignment import Aligned, Series, align
from duchenne.synchrony.settings import Settings
from duchenne.synchrony.synchrony import Synchrony

__all__ = ["Aligned", "Series", "Settings", "Synchrony", "align"]
