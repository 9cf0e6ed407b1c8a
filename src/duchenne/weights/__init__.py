"""What we trained: a network file and its card each; the leftmost room, open to every other."""
