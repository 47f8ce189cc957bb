"""Mentions, statements, positions, themes and speakers of a report; the coding sheet, corrections, scoring."""
