"""Corpus scale: the pipeline over millions of documents, on one machine or a cluster (extra `scale`)."""

CLEANING = ("confidence", "language", "length", "numbers", "copy", "boilerplate", "duplicate")
"""The steps of cleaning, in the order in which a bead meets them; null beads always go."""
