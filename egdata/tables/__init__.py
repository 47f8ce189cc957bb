"""The schema of every table; tables built, checked and written; corpora."""
