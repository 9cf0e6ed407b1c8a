"""Measures, intervals, folds and small models that every evaluation shares."""
