"""Errors, paths, files written whole or not at all, CSV, and the vocabulary that all packages share."""
