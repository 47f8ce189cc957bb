"""Charts in two languages: one file each, with its words, table, drawing and alternative text; and their gallery."""
