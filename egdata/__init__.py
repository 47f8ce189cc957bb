"""egdata: the report of a UN intergovernmental expert group as tidy dataframes of positions.

``import egdata as eg`` loads nothing heavy: each function brings its module when it is first used.
"""

from importlib import import_module

__version__ = "0.1.0"

_API = {
    "report": ("Report", "read_report", "parse_report"),
    "reports": ("read_reports",),
    "corpus": ("write_corpus",),
    "compare": ("compare_reports",),
    "codebook": ("Codebook", "read_codebook"),
    "mentions": ("find_mentions",),
    "statements": ("find_statements",),
    "positions": ("find_positions",),
    "themes": ("find_themes", "term_frequencies"),
    "words": ("keyness", "kwic", "term_keyness"),
    "show": ("show",),
    "reader": ("reader_page", "write_reader"),
    "speakers": ("find_speakers",),
    "contested": ("find_contested", "find_contrasts"),
    "sheet": ("coding_sheet", "code_sentences"),
    "corrections": ("apply_corrections",),
    "network": (
        "actor_instrument_edges",
        "actor_instrument_nodes",
        "event_list",
        "network_tables",
        "write_event_list",
    ),
    "discourse": ("discourse_network", "network_edges", "polarization"),
    "graphs": (
        "actor_instrument_graph",
        "discourse_graph",
        "disparity_backbone",
        "find_clusters",
        "network_measures",
        "write_graph",
    ),
    "sensitivity": ("network_sensitivity", "network_summary"),
    "score": ("score", "score_errors", "read_gold"),
    "tables": ("build_tables", "write_tables", "check_tables"),
    "counts": (
        "agreement_layout",
        "count_instruments",
        "count_sections",
        "count_theme_pairs",
        "count_themes",
        "find_references",
        "network_layout",
        "theme_differences",
    ),
    "plots": (
        "plot_agreement",
        "plot_comparison",
        "plot_contested",
        "plot_identities",
        "plot_instruments",
        "plot_keyness",
        "plot_network",
        "plot_positions",
        "plot_references",
        "plot_report",
        "plot_theme_differences",
        "plot_theme_pairs",
        "plot_theme_shares",
        "plot_themes",
    ),
    "errors": ("EgdataError", "ReportError", "CodebookError", "TableError"),
}
_MODULE_OF = {name: module for module, names in _API.items() for name in names}
__all__ = sorted(_MODULE_OF)


def __getattr__(name: str):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'egdata' has no attribute {name!r}")
    return getattr(import_module(f"egdata.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
