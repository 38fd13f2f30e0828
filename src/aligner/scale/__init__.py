"""Corpus scale: the pipeline over millions of documents, on one machine or a cluster (extra `scale`)."""
