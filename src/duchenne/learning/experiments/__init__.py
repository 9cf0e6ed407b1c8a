"""The thesis' experiments as data, and ours beside them (SYSTEMS S5, S6, S7, S10)."""
