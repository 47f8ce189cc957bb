"""egdata: the report of a UN intergovernmental expert group as tidy dataframes of positions.

``import egdata as eg`` loads nothing heavy: each function brings its module when it is first used.
"""

from importlib import import_module

__version__ = "0.1.0"

_API = {
    "base.errors": ("EgdataError", "ReportError", "CodebookError", "TableError"),
    "codebook.codebook": ("Codebook", "read_codebook"),
    "reading.report": ("Report", "read_report", "parse_report"),
    "reading.folders": ("read_reports",),
    "coding.coding": ("Coding", "code"),
    "coding.finders": (
        "find_actors",
        "find_mentions",
        "find_positions",
        "find_speakers",
        "find_statements",
        "find_themes",
    ),
    "coding.explain": ("explain", "position_traces"),
    "coding.sheet": ("coding_sheet", "code_sentences"),
    "coding.corrections": ("apply_corrections",),
    "coding.scoring": ("score", "score_errors"),
    "coding.benchmark": ("gold_cards", "read_gold", "read_gold_text", "read_scores", "score_sets"),
    "coding.side_by_side": ("compare_coders", "compare_on_gold", "recorded_answers", "with_second_opinion"),
    "coding.versions": ("compare_versions", "compare_versions_on_gold"),
    "analysis.contested": ("find_contested", "find_contrasts"),
    "analysis.parallels": (
        "count_parallels",
        "find_parallels",
        "find_unparalleled",
        "parallel_texts",
        "retellings",
        "told_also_in",
    ),
    "analysis.terms": ("term_frequencies",),
    "analysis.keyness": ("keyness", "term_keyness"),
    "analysis.kwic": ("kwic",),
    "analysis.counts": (
        "count_instruments",
        "count_sections",
        "count_theme_pairs",
        "count_themes",
        "find_references",
        "theme_differences",
    ),
    "analysis.comparison": ("compare_reports",),
    "analysis.network": (
        "actor_instrument_edges",
        "actor_instrument_nodes",
        "event_list",
        "network_tables",
        "write_event_list",
    ),
    "analysis.layouts": ("network_layout",),
    "analysis.discourse": ("discourse_network", "network_edges", "polarization"),
    "analysis.graphs": (
        "actor_instrument_graph",
        "discourse_graph",
        "disparity_backbone",
        "find_clusters",
        "network_measures",
        "write_graph",
    ),
    "analysis.exports": ("cite", "network_graph", "write_flat"),
    "analysis.sensitivity": ("network_sensitivity", "network_summary"),
    "tables.build": ("build_tables",),
    "tables.check": ("find_problems",),
    "tables.files": ("read_tables", "write_tables", "check_tables"),
    "tables.corpus": ("write_corpus",),
    "charts.comparison": ("plot_comparison",),
    "charts.contested": ("plot_contested",),
    "charts.instruments": ("plot_instruments",),
    "charts.network": ("plot_network",),
    "charts.positions": ("plot_positions",),
    "charts.references": ("plot_references",),
    "charts.report": ("plot_report",),
    "charts.scores": ("plot_scores",),
    "charts.theme_differences": ("plot_theme_differences",),
    "charts.themes": ("plot_themes",),
    "pages.brief": ("article_table", "make_brief"),
    "pages.commentary": ("commentary", "listed", "source_note"),
    "pages.display": ("explored", "wrapped"),
    "pages.evidence": ("show",),
    "pages.reader": ("reader_page", "write_reader"),
    "pages.review": ("review",),
}
_MODULE_OF = {name: module for module, names in _API.items() for name in names}
__all__ = sorted(_MODULE_OF)


def __getattr__(name: str):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'egdata' has no attribute {name!r}")
    return getattr(import_module(f"egdata.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
