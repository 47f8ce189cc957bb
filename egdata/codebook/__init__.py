"""The tables of words, phrases and codes, compiled and checked; the matcher."""
