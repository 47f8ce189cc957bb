"""Tables in a notebook as one reads them: left-aligned, their words wrapped, and with controls to choose rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ipywidgets
    import pandas as pd

LIVE = "application/vnd.jupyter.widget-view+json"  # what a notebook shows of a widget while its kernel runs
LOOKS = {"text-align": "left", "vertical-align": "top", "white-space": "normal"}


@dataclass(frozen=True, repr=False)
class Wrapped:
    """What :func:`wrapped` returns: HTML in a notebook, columns between tabs elsewhere."""

    frame: pd.DataFrame

    def __repr__(self) -> str:
        return self.frame.to_csv(sep="\t", index=False).rstrip() if len(self.frame) else "No rows."

    def _repr_html_(self) -> str:
        if self.frame.empty:
            return "<p>No rows.</p>"
        heads = [{"selector": "th", "props": list(LOOKS.items())}]
        short = dict.fromkeys(self.frame.select_dtypes("float"), "{:g}")  # 0.74, not 0.740000
        shown = self.frame.style.set_uuid("wrapped").hide(axis="index").format(short, na_rep="", escape="html")
        return shown.set_properties(**LOOKS).set_table_styles(heads).to_html()


def wrapped(frame: pd.DataFrame) -> Wrapped:
    """Show a frame with quotes so that they can be read: to the left, in as many lines as they need.

    Parameters
    ----------
    frame : DataFrame
        Without rows it says so; what is missing is blank. An index other than the numbers of the rows becomes columns.

    Returns
    -------
    Wrapped
    """
    is_numbered = frame.index.name is None and frame.index.nlevels == 1
    return Wrapped(frame.reset_index(drop=is_numbered))


@dataclass(frozen=True, repr=False)
class Explored(Wrapped):
    """What :func:`explored` returns: a table as :func:`wrapped` shows it, under controls where there is a kernel."""

    by: tuple[str, ...]

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """The widget; a notebook has the table from the other representations."""
        try:
            return {LIVE: self.controls()._repr_mimebundle_()[LIVE]}
        except ImportError:  # without ipywidgets there is the table
            return {}

    def controls(self) -> ipywidgets.VBox:
        """A choice for each of the columns, how many rows are chosen, and these."""
        import ipywidgets

        values = {name: list(dict.fromkeys(self.frame[name])) for name in self.by}
        looks = {"style": {"description_width": "initial"}, "layout": {"width": "auto"}}
        choices = [ipywidgets.Dropdown(options=["all", *values[name]], description=name, **looks) for name in self.by]
        n, table = ipywidgets.Label(), ipywidgets.HTML()

        def choose(_: object = None) -> None:
            chosen = self.frame
            for name, choice in zip(self.by, choices, strict=True):
                if choice.index:  # the first is for all
                    chosen = chosen[chosen[name] == values[name][choice.index - 1]]
            n.value, table.value = f"{len(chosen)} of {len(self.frame)} rows", Wrapped(chosen)._repr_html_()

        for choice in choices:
            choice.observe(choose, "index")
        choose()
        return ipywidgets.VBox([ipywidgets.HBox([*choices, n], layout={"flex_flow": "row wrap"}), table])


def explored(frame: pd.DataFrame, *by: str) -> Explored:
    """Show a frame as :func:`wrapped` does, with controls to choose its rows.

    Parameters
    ----------
    frame : DataFrame
    *by : str
        Columns by whose values rows are chosen; each has a control.

    Returns
    -------
    Explored

    Notes
    -----
    The controls need ipywidgets and a kernel. A notebook is saved without them, so that it shows the whole table where
    there is none, as on a website.
    """
    return Explored(wrapped(frame).frame, by)
