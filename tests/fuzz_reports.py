"""Feed egdata anything: spliced and damaged reports in any encoding, Word and PDF files, web pages, damaged codebooks.

    python tests/fuzz_reports.py --seconds 600   # or: make fuzz
    python tests/fuzz_reports.py fuzz-1-204.txt  # once more what failed

``make fuzz`` runs it; no test does. Each input must give a report whose tables hold together, or an ``EgdataError``, in
time that grows with its length. What fails is left in a file with its traceback and does not end the run.
"""

from __future__ import annotations

import argparse
import csv
import faulthandler
import io
import itertools
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import test_files
from test_properties import FRAGMENTS, check_report

import egdata as eg
from egdata.base.vocabulary import LANGS
from egdata.codebook.check import check_codebook
from egdata.codebook.codebook import RULES
from egdata.codebook.starter import write_starter
from egdata.coding.sheet import coding_sheet
from egdata.reading.labels import next_item
from egdata.reading.report import parse_report, read_report, sentences_report

HERE = Path(__file__).parent
SOURCES = ("data/report.txt", "other_subject/report.zh.txt", "other_subject/report.en.txt")
SECONDS, PER_CHARACTER = 10, 0.001  # of the processor that an input may take; a report takes a twentieth of it
MEMORY = ".mem"  # text that no file can hold, such as half a surrogate pair


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("input", type=Path, nargs="?", help="file or folder that failed, to try it alone")
    options.add_argument("--seconds", type=float, default=600, help="how long to go on (600)")
    options.add_argument("--seed", type=int, default=int(time.time()), help="repeats a run; else the time")
    given = options.parse_args()
    faulthandler.enable()
    signal.signal(signal.SIGPROF, _stop)
    if given.input:
        print("gives", _try(given.input))
        return 0
    return _fuzz(given.seed, given.seconds)


def _fuzz(seed: int, seconds: float) -> int:
    maker, told, failures = _Maker(), Counter(), 0
    print(f"seed {seed}, {seconds:.0f} seconds", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="egdata-fuzz-"))  # stays if the interpreter itself dies
    end = time.monotonic() + seconds
    for number in itertools.count(1):
        path = maker.write(random.Random(f"{seed}/{number}"), folder / f"fuzz-{seed}-{number}")
        try:
            told[path.suffix or " codebook", _try(path)] += 1
        except Exception:
            failures += 1
            told[path.suffix or " codebook", "FAILED"] += 1
            shutil.move(path, path.name)
            print(f"{traceback.format_exc()}failed: python tests/fuzz_reports.py {path.name}", flush=True)
        else:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if time.monotonic() > end:
            break
    folder.rmdir()
    print(f"seed {seed}: {number} inputs, {failures} failed")
    for (kind, result), n in sorted(told.items()):
        print(f"{n:7} {kind.lstrip(' .'):8} {result}")
    return failures > 0


# ---- one input -------------------------------------------------------------------------------------------------------


def _try(path: Path) -> str:
    """What comes of an input: what was read, or the kind of error."""
    size = sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]))
    limit = SECONDS + PER_CHARACTER * size
    faulthandler.dump_traceback_later(10 * limit, exit=True)  # if it does not even come back to Python
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        return _read_codebook(path) if path.is_dir() else _read_report(path)
    except eg.EgdataError as error:
        if isinstance(error, eg.TableError) and not path.is_dir():
            raise  # what can be read has tables
        return f"{type(error).__name__}: {_kind_of(str(error))}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()


def _stop(*_: object) -> None:
    raise TimeoutError("takes longer than its length allows")


def _kind_of(message: str) -> str:
    """An error without what is peculiar to an input."""
    message = re.sub(r"^fuzz-\S*?: |'.*'|\".*\"|\(.*\)|\{.*\}|;.*", "", message.replace("\n", " "))
    return re.sub(r"[\d#]+|(?<=heading )\w+|(?<=where )\w+|\w+(?=\.csv)|(?<=column )\w+", "#", message)[:60].strip()


def _lang_of(path: Path) -> str | None:
    return next((lang for lang in LANGS if f".{lang}." in path.name), None)


def _read_report(path: Path) -> str:
    lang, codebook = _lang_of(path), eg.read_codebook()
    if path.suffix == MEMORY:
        text = path.read_bytes().decode(errors="surrogatepass")
        sentences = text.split("\n")
        sheet = coding_sheet(sentences_report(sentences, lang or "zh"), codebook)
        assert list(dict.fromkeys(sheet["sid"])) == [str(index) for index in range(len(sentences))]
        check_report(parse_report(text, lang), codebook)
    else:
        check_report(read_report(path, lang), codebook)
    return "a report"


def _read_codebook(path: Path) -> str:
    codebook = eg.read_codebook(path)
    for name in SOURCES:
        check_report(read_report(HERE / name, codebook=codebook), codebook)
    return "a codebook"


# ---- making inputs ---------------------------------------------------------------------------------------------------

NOISE = [
    "\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\x0b", "\x0c", "\r", "\r\n", "\n\r", "\n", "\n\n", "\t", "\xa0", "\xad",
    "\u2028", "\u2029", "\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u0301", "\u3000",
    "\ufffd", "\uffff", "\U0001f600", "\U000e0001", "\ue000", "\udc80", "\ud800", "İ", "ß", "ﬁ", "Ⅳ", "１", "٣", "²", "①", "㈠",
    "(", "（", ")", "）", "((", "（（（", "[", "]", "“", "”", "‘", "’", "\"", "'", "《", "》", "「", "」", "*", "**", "_" * 20, "……", "....",
    "(a)", "（a）", "(b)", "(i)", "(ii)", "（一）", "（二）", "(aa)", "(zz)", "1.", "1．", "2.", "0.", "999.", "1.1 ", "(ABS) 9.1. ", "[4][2]. ",
    "12 bis. ", "xx. ", "I.", "IV.", "一、", "十五. ", "A.", "1)", "1", "¹", "附件一", "Annex II", "Article 4", "第三条", "Rule 2", "Part one",
    "Contents", "目录", "Agenda item 4", "The meeting rose at 6 p.m.", "4 July 2020", "The General Assembly,", "A/86/9", "V.20-04479", "5/20",
    "http://a.example/b", "=1+1", "-", "+", "@", ";", "；", ":", "：", "。", ". ", ",", "，", "/", "|", "\\", "<script>", "&amp;", "{actor}", "%s",
]  # fmt: skip
ENCODINGS = ("utf-8",) * 12 + (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "gb18030",
    "gb18030",
    "big5",
    "utf-32",
    "cp1252",
    "euc-kr",
)
ENDS = ("\n", "\n", "\n", "\n\n", "\n\n", "\r\n", "\r", "\f", " ", "")


class _Maker:
    """Makes inputs of what reports and the bundled codebook consist of."""

    def __init__(self) -> None:
        codebook = eg.read_codebook()
        sources = [eg.read_report().source, *((HERE / name).read_text(encoding="utf-8") for name in SOURCES)]
        self.lines = [source.splitlines() for source in sources]
        self.pieces = {lang: [] for lang in LANGS}
        for name in RULES:
            for row in codebook.tables[name].to_dict("records"):
                for lang in LANGS if row["lang"] == "*" else [row["lang"]]:
                    self.pieces[lang] += [row["example"], row["counterexample"]]
        for source, lang in zip(sources, ("zh", "zh", "zh", "en"), strict=True):
            pieces = re.findall(r"[^。；.;\n]+[。；.;\n]*", source)
            self.pieces[lang] += [piece for piece in pieces if not re.match(r"\s*(?:\w{1,3}[.．、]|[(（])", piece)]
        self.codebook = _small_codebook()

    def write(self, rng: random.Random, path: Path) -> Path:
        """Write an input and return its path; the suffix says what it is, before it may stand the language."""
        make = rng.choices(
            [self.text, self.memory, self.docx, self.pdf, self.html, self.damaged_codebook], [10, 4, 2, 1, 1, 1]
        )[0]
        content, suffix = make(rng)
        if isinstance(content, dict):
            path.mkdir()
            for name, raw in content.items():
                (path / name).write_bytes(raw)
            return path
        path = path.with_name(path.name + rng.choice(["", "", ".zh", ".en"]) + suffix)
        path.write_bytes(content)
        return path

    # ---- reports ----

    def text(self, rng: random.Random) -> tuple[bytes, str]:
        encoding = rng.choice(ENCODINGS)
        errors = "surrogatepass" if encoding.startswith("utf") and rng.random() < 0.2 else "ignore"
        raw = self.report(rng).encode(encoding, errors)
        return self.damaged(rng, raw) if rng.random() < 0.1 else raw, ".txt"

    def memory(self, rng: random.Random) -> tuple[bytes, str]:
        return self.report(rng).encode(errors="surrogatepass"), MEMORY

    def docx(self, rng: random.Random) -> tuple[bytes, str]:
        """Paragraphs with numbers, styles, fields and notes; the XML, or the archive itself, may be damaged."""
        body, notes = "", ""
        for number, line in enumerate(_as_xml(self.report(rng)).split("\n")):
            content = [line]
            if rng.random() < 0.1:
                content.append(f'<w:r><w:footnoteReference w:id="{number}"/></w:r>')
                notes += test_files.note("footnote", number, _as_xml(self.piece(rng, "zh")))
            if rng.random() < 0.05:
                content.append(test_files.field(rng.choice(["TOC", "PAGE", "REF a"]), test_files.run(line[:9])))
            listed = {"number": rng.choice([0, 1, 1, 7]), "level": rng.randrange(5)} if rng.random() < 0.4 else {}
            body += test_files.paragraph(*content, **listed)
        kinds = ["decimal", "lowerLetter", "upperRoman", "chineseCounting", "bullet", "none"]
        levels = [(rng.choice(kinds), rng.choice(["%1.", "(%2)", "%1.%2", "%9"]), "") for _ in range(4)]
        if rng.random() < 0.15:
            body = self.damaged(rng, body.encode()).decode(errors="ignore")
        raw = test_files.docx(body, numbering=test_files.numbering(*levels), footnotes=notes)
        if rng.random() < 0.15:
            raw = self.rezipped(rng, raw)
        return self.damaged(rng, raw) if rng.random() < 0.15 else raw, ".docx"

    def rezipped(self, rng: random.Random, raw: bytes) -> bytes:
        """The archive with one of its parts damaged."""
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
            chosen = rng.choice(old.namelist())
            for name in old.namelist():
                new.writestr(name, self.damaged(rng, old.read(name)) if name == chosen else old.read(name))
        return out.getvalue()

    def pdf(self, rng: random.Random) -> tuple[bytes, str]:
        lines = [line[:80] for line in self.report(rng).encode("utf-16", "ignore").decode("utf-16").splitlines()]
        lines = ["".join(character for character in line if character <= "\uffff") for line in lines]
        size = rng.randrange(5, 40)
        pages = ["\n".join(lines[at : at + size]) for at in range(0, min(len(lines), 200), size)]
        raw = test_files.pdf_of(*pages, with_map=rng.random() < 0.95)
        return self.damaged(rng, raw) if rng.random() < 0.6 else raw, ".pdf"

    def html(self, rng: random.Random) -> tuple[bytes, str]:
        """Lines in elements of any kind, some of them never closed."""
        tags = [
            "p",
            "div",
            "li",
            "ol type=a",
            "ul",
            "h1",
            "table",
            "tr",
            "td",
            "pre",
            "nav",
            "main",
            "span hidden",
            "br",
        ]
        page = "<html>"
        for line in self.report(rng).split("\n"):
            opened = rng.choices(tags, k=rng.randrange(3))
            closed = "".join(f"</{tag.split()[0]}>" for tag in reversed(opened) if rng.random() < 0.7)
            page += "".join(f"<{tag}>" for tag in opened) + line + closed
        raw = page.encode(rng.choice(ENCODINGS), "ignore")
        return self.damaged(rng, raw) if rng.random() < 0.3 else raw, ".html"

    def report(self, rng: random.Random) -> str:
        """A stretch of a report, or paragraphs put together of pieces, with noise."""
        if rng.random() < 0.3:
            lines = rng.choice(self.lines)
            first = rng.randrange(len(lines))
            text = "\n".join(lines[first : first + rng.randrange(1, 40)])
        else:
            text = self.composed(rng)
        for _ in range(rng.choice([0, 0, 1, 1, 3, 9])):
            text = self.changed(rng, text)
        return text

    def composed(self, rng: random.Random) -> str:
        """Numbered paragraphs with headings, items, notes and furniture, now and then out of order."""
        lang = rng.choice(LANGS)
        text = rng.choice(
            [
                "",
                "",
                "专家组的报告\n\n一. 讨论情况摘要\n\n",
                "Report\n\nI. Summary\n\n",
                "Distr.: General\nA/86/9\nOriginal: English\n",
            ]
        )
        number, item, note = rng.choice([0, 0, 0, 12]), "", 0
        for _ in range(rng.randrange(1, 9)):
            kind = rng.choices(["para", "item", "heading", "plain", "note", "noise"], [8, 4, 1, 1, 1, 1])[0]
            if rng.random() < 0.03:
                number += rng.choice([-1, 1, 2])
            if kind == "para":
                number, item = number + 1, ""
                text += f"{number}. "
            elif kind == "item":
                item = next_item(item)
                text += rng.choice(["({})", "（{}）"]).format(item) + " "
            elif kind == "heading":
                text += rng.choice(
                    [
                        *("II. ", "III\n\n", "A. ", "B. ", "一. ", "二、", "（一）", "1. ", "1.2\n\n", "Annex\n"),
                        *("附件二\n", "Rule 1. ", "第一条 ", "Table 2\n", "Contents\nI.\tLamps\t\t1–2\t3\n"),
                    ]
                )
            elif kind == "note":
                note += 1
                text += f"{note}\n" + "_" * 12 + f"\n{note} "
            elif kind == "noise":
                text += rng.choice(NOISE)
            text += "".join(self.piece(rng, lang) for _ in range(rng.choice([0, 1, 1, 2, 3, 8])))
            text += rng.choice(["。", ".", "；", ":", "：", "", ";"]) + rng.choice(ENDS)
        return text

    def piece(self, rng: random.Random, lang: str) -> str:
        lang = lang if rng.random() < 0.95 else rng.choice(LANGS)
        piece = rng.choice(self.pieces[lang] if rng.random() < 0.8 else FRAGMENTS)
        return piece + " " * (lang == "en") if rng.random() < 0.9 else piece[: rng.randrange(len(piece) + 1)]

    def changed(self, rng: random.Random, text: str) -> str:
        """The text with one change: noise, a cut, a repetition, deep brackets, other line ends."""
        at, to = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        head, middle, tail = text[:at], text[at:to], text[to:]
        kind = rng.randrange(9)
        if kind < 3:
            return head + "".join(rng.choices(NOISE, k=rng.choice([1, 1, 2, 5]))) + middle + tail
        if kind == 3:
            return head + tail
        if kind == 4:
            return head + middle[:200] * rng.choice([2, 3, 30]) + tail
        if kind == 5:
            opening, closing = rng.choice(["()", "（）", "“”", "《》", "[]", "「」", '""'])
            depth = rng.choice([1, 3, 200])
            return head + opening * depth + middle + closing * (depth - rng.choice([0, 0, 1])) + tail
        if kind == 6:
            return (
                head
                + rng.choice([*NOISE, self.piece(rng, rng.choice(LANGS))]) * rng.choice([50, 500, 3000])
                + middle
                + tail
            )
        if kind == 7:
            return head + re.sub("\n+", lambda _: rng.choice(ENDS), middle) + tail
        width = rng.randrange(1, 60)  # wrapped, as on a narrow page
        return head + "\n".join(middle[n : n + width] for n in range(0, len(middle), width)) + tail

    def damaged(self, rng: random.Random, raw: bytes) -> bytes:
        """The bytes with some changed, cut out, doubled or put elsewhere."""
        raw = bytearray(raw)
        for _ in range(rng.choice([1, 1, 3, 20])):
            at = rng.randrange(len(raw) + 1)
            other = rng.randrange(len(raw) + 1)
            kind = rng.randrange(6)
            if kind < 3 and at < len(raw):
                raw[at] = rng.choice(
                    [0, 0x22, 0x28, 0x30, 0x3C, 0x80, 0xFF, raw[at] ^ 1 << rng.randrange(8), rng.randrange(256)]
                )
            elif kind == 3:
                del raw[at : at + rng.choice([1, 4, 100])]
            elif kind == 4:
                raw[at:at] = raw[other : other + rng.choice([1, 9, 200])]
            else:
                numbers = [*re.finditer(rb"\d+", raw)]
                if numbers:
                    number = rng.choice(numbers)
                    raw[number.start() : number.end()] = rng.choice(
                        [b"0", b"-1", b"1", b"99999999999", b"2147483648", b""]
                    )
        return bytes(raw if rng.random() < 0.9 else raw[: rng.randrange(len(raw) + 1)])

    # ---- codebooks ----

    def damaged_codebook(self, rng: random.Random) -> tuple[dict[str, bytes], str]:
        """The starter codebook, with cells changed, rows and columns lost, tables missing or in another encoding."""
        tables = dict(self.codebook)
        for name in rng.sample(sorted(tables), rng.choice([1, 1, 2, 4])):
            tables[name] = self.damaged_table(rng, tables[name])
        if rng.random() < 0.05:
            del tables[rng.choice(sorted(tables))]
        return tables, ""

    def damaged_table(self, rng: random.Random, raw: bytes) -> bytes:
        rows = [*csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))]
        row = rng.choice(rows[1:] or rows)
        column = rng.randrange(len(row))
        kind = rng.randrange(10)
        if kind < 4:
            cells = [
                *(rng.choice(rows)[column] for _ in range(3)),
                "",
                "-",
                "*",
                "zh",
                "none",
                rng.choice(NOISE),
                rng.choice(FRAGMENTS),
            ]
            cells += [
                "(",
                "[",
                "a{2}",
                "a{99999999999}",
                "(?<=a+)b",
                "(?L)a",
                "(?au)b",
                "(?i)é",
                "\\",
                "(?P<n>a)(?P<n>b)",
                "(a)\\2",
                "{actor}",
                "{x}",
                "(?:)",
                "a" * 9,
                "[[a]",
            ]
            row[column] = rng.choice(cells)
        elif kind == 4:
            row[column] = self.changed(rng, row[column])
        elif kind == 5:
            rows.remove(row)
        elif kind == 6:
            del rows[1 + rng.randrange(len(rows)) :]
        elif kind == 7:
            rows.insert(rng.randrange(len(rows)), row[:])
        elif kind == 8:
            for line in rows:
                del line[column : column + 1]
        out = io.StringIO()
        csv.writer(out, lineterminator=rng.choice(["\n", "\r\n"])).writerows(rows)
        if kind < 9:
            return out.getvalue().encode(errors="surrogatepass")
        raw = out.getvalue().encode(rng.choice(ENCODINGS), "ignore")
        return raw if rng.random() < 0.5 else self.damaged(rng, raw)


def _as_xml(text: str) -> str:
    """Without what no XML can hold."""
    return re.sub("[^\t\n -\ud7ff\ue000-\ufffd]", "", text)


def _small_codebook() -> dict[str, bytes]:
    """The starter codebook with a fifth of its rules, which is read in a fifth of the time."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "starter")
        write_starter(folder)
        for name in RULES:
            _keep_lines(folder / f"{name}.csv", lambda number, _: number % 5 == 2)
        while failures := check_codebook(folder).failures:  # an example may need a rule that is gone
            for name in {failure.partition(":")[0] for failure in failures}:
                _drop(folder / name, [failure for failure in failures if failure.startswith(f"{name}:")])
        return {file.name: file.read_bytes() for file in folder.glob("*.csv")}


def _drop(file: Path, failures: list[str]) -> None:
    """Take the lines out that failed, and the whole of each list that nothing uses any more."""
    failed = {int(failure.split(":", 2)[1]) for failure in failures}
    unused = re.findall(r"no phrase uses \{(\w+)\} in '(\w+)'", "".join(failures))
    heads = tuple(f"{name},{lang},".encode() for name, lang in unused)
    _keep_lines(file, lambda number, line: number not in failed and not line.startswith(heads))


def _keep_lines(file: Path, keep: Callable[[int, bytes], bool]) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(line for number, line in enumerate(lines, 1) if number == 1 or keep(number, line)))


if __name__ == "__main__":
    sys.exit(main())
