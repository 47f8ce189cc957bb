"""The errors egdata raises: each says what is wrong, where, and what to do."""


class EgdataError(Exception):
    """Anything egdata cannot go on with; the base of all errors it raises."""


class ReportError(EgdataError):
    """A report that cannot be read, or whose structure does not add up."""


class CodebookError(EgdataError):
    """A codebook table that is missing, malformed or contradicts itself."""


class TableError(EgdataError):
    """A table whose columns, values or references do not fit its schema."""
