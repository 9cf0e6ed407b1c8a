"""Whether a displayed expression resembles spontaneous or posed recordings."""
