"""The landmark-distance classifier: clips told apart by how far landmarks lie from each other.

After Lionello, Bucci, Sampaolo and Cecchetti (seed 004, Study I).
"""
