"""Pages made of the templates in ``assets``, in which what is not markup is escaped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from egdata.pages.fonts import han_font

if TYPE_CHECKING:
    import jinja2

ASSETS = Path(__file__).parent / "assets"
STYLE_FILE = "style.css"  # of the site, and of pages that stand alone


def template(name: str) -> jinja2.Template:
    """A template of the assets."""
    import jinja2

    loader = jinja2.FileSystemLoader(ASSETS)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(name)


def asset(name: str) -> str:
    """The text of a file of the assets."""
    return (ASSETS / name).read_text(encoding="utf-8")


def render(name: str, **values) -> str:
    """A page that needs nothing outside itself: a template with its values, in the style of the site."""
    page = template(name)
    font = han_font(page.render(style="", **values)).decode()
    return page.render(style=font + asset(STYLE_FILE), **values)
