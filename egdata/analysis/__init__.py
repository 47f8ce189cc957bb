"""What follows from the coding: disputes, counts, words, statistics, comparison and networks."""
