"""Feed egdata reports that change as long as a change reaches code that none before it reached.

    python -m pip install atheris
    python tests/fuzz_guided.py -max_total_time=600  # options of libFuzzer

No test runs it. Each text must give a report whose tables hold together, or an ``EgdataError``, within ten seconds; the
first that does not ends the run and is left in ``fuzz-guided.txt``, which fuzz_reports.py takes to try it alone.
"""

import importlib
import pkgutil
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["egdata"]):
    import egdata as eg

    for module in pkgutil.iter_modules(eg.__path__, "egdata."):
        importlib.import_module(module.name)

from fuzz_reports import HERE, SOURCES
from test_properties import check_report

from egdata.reading.report import parse_report

LENGTH = 20  # lines of the texts that are changed at first


def read(raw: bytes) -> None:
    text = raw.decode(errors="ignore")
    try:
        check_report(parse_report(text), eg.read_codebook())
    except eg.EgdataError:
        return
    except Exception:
        Path("fuzz-guided.txt").write_text(text, encoding="utf-8", newline="")
        raise


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in SOURCES:
            lines = (HERE / name).read_text(encoding="utf-8").splitlines()
            for first in range(0, len(lines), LENGTH):
                text = "\n".join(lines[first : first + LENGTH])
                Path(folder, f"{name.replace('/', '-')}-{first}").write_text(text, encoding="utf-8")
        eg.read_codebook()  # not in the time of the first text
        atheris.Setup([sys.argv[0], "-timeout=10", "-rss_limit_mb=4096", *sys.argv[1:], folder], read)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
