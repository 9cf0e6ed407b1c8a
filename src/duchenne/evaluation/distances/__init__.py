"""The landmark-distance classifier: clips told apart by how far landmarks lie from each other.

After Lionello, Bucci, Sampaolo and Cecchetti (Study I of a poster of the IMT School for
Advanced Studies Lucca).
"""
