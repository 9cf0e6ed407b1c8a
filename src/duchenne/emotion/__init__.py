"""Seven displayed emotions from a face crop."""
