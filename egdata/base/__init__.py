"""Errors, paths, files written whole or not at all, CSV, frames, fingerprints, and the vocabulary of all packages."""
