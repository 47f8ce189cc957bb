"""A file in some format → lines → numbering, headings and notes → a :class:`Report`."""
