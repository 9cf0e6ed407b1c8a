"""Data sets, metrics with intervals, and what they say about our models."""
