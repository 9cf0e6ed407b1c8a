"""Data sets as they are passed around, read into tables, and copies found among them."""
