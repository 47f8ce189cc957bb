"""Mentions, statements, positions, themes and speakers of a report; other coders, sheet, corrections, scores."""
