"""The live window: a camera's picture with what is displayed in it (extra: live)."""
