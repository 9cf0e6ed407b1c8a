"""Recordings: one source analysed, a tidy table with its metadata."""

from duchenne.recording.recording import Recording

__all__ = ["Recording"]
