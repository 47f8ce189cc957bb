"""The codebook: what it gives, and the one clear line that a broken one is refused with."""

from __future__ import annotations

import csv
import re
import shutil

import pytest
from conftest import VOICES, write_codebook, write_rows
from pandas.testing import assert_frame_equal

from egdata.base.errors import CodebookError, EgdataError
from egdata.base.paths import data_path
from egdata.codebook.check import Check, check_codebook
from egdata.codebook.codebook import (
    CODEBOOK,
    CODES,
    NEEDED,
    OPTIONAL,
    RULES,
    TABLES,
    codebook_sha256,
    read_codebook,
    tried_codebook,
)
from egdata.codebook.matcher import BLOCKED, find_matches
from egdata.coding import unneeded
from egdata.coding.finders import find_statements
from egdata.reading.report import sentences_report


@pytest.fixture
def folder(small_codebook):
    return small_codebook


@pytest.fixture
def bundled(tmp_path):
    """A copy of the bundled codebook, to change."""
    return shutil.copytree(data_path("codebook"), tmp_path / "codebook")


def read_rows(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def change(folder, table, line=-1, **cells):
    """Change cells of the row on a line of the file, the last row if none is named; returns its line."""
    rows = read_rows(folder, table)
    line = len(rows) if line == -1 else line
    for column, value in cells.items():
        rows[line - 1][rows[0].index(column)] = value
    write_rows(folder, table, rows)
    return line


def voice_rules(*rules):
    return {"voices": VOICES, "voice_rules": rules}


def refused(folder):
    with pytest.raises(CodebookError) as error:
        read_codebook(folder)
    assert isinstance(error.value, EgdataError)
    return str(error.value)


# ---- the bundled codebook -------------------------------------------------------------------------------------------


def test_bundled_codebook_has_every_table(book):
    assert list(book.tables) == list(TABLES)
    assert book.folder == data_path("codebook")
    for name, columns in TABLES.items():
        assert list(book.tables[name].columns) == list(columns)


def test_the_bundled_codebook_is_read_without_its_examples_and_any_that_is_named_with_them(folder, monkeypatch):
    line = change(folder, "stance_rules", example="no words of it")
    monkeypatch.setattr("egdata.codebook.codebook.data_path", lambda *parts: folder)
    monkeypatch.delenv(CODEBOOK, raising=False)
    (rule,) = read_codebook().rules("stance_rules", "zh")
    assert "pattern" not in vars(rule)  # compiled when a word of it stands in a text
    assert len(find_matches(read_codebook().rules("stance_rules", "zh"), "支持")) == 1
    assert "pattern" in vars(rule)
    reason = f"stance_rules.csv:{line}: column example: 'no words of it' is not matched"
    assert refused(folder).startswith(reason)
    monkeypatch.setenv(CODEBOOK, str(folder))
    assert refused(None).startswith(reason)
    assert [failure.startswith(reason) for failure in check_codebook().failures] == [True]


def test_a_broken_phrase_of_the_bundled_codebook_is_told_when_its_table_is_needed(folder, monkeypatch):
    change(folder, "stance_rules", phrase="(支持")
    monkeypatch.setattr("egdata.codebook.codebook.data_path", lambda *parts: folder)
    book = read_codebook()
    with pytest.raises(CodebookError, match=r"stance_rules.csv:2: column phrase: '\(支持': '\(' is not closed"):
        book.rules("stance_rules", "zh")


def test_every_example_and_counterexample_of_the_bundled_codebook_holds(book):
    n_rules = sum(len(book.tables[table]) for table in RULES)
    n_counterexamples = sum((book.tables[table]["counterexample"] != "").sum() for table in RULES)
    assert n_rules > 0
    assert check_codebook() == Check([], n_rules, n_rules + n_counterexamples)


def test_hardly_a_phrase_of_the_bundled_codebook_is_a_regular_expression(book):
    raw = {table: book.tables[table]["phrase"].str.startswith("re:").sum() for table in ("phrases", *RULES)}
    assert sum(raw.values()) <= 20
    assert raw["phrases"] + raw["holder_rules"] + raw["voice_rules"] + raw["modality_rules"] <= 5


def test_the_glossary_has_english_for_every_term_that_is_frequent_in_the_report(book, real):
    from egdata.analysis.terms import term_frequencies

    frame = book.tables["glossary"]
    assert frame["gloss_en"].str.fullmatch(r"[A-Za-z][A-Za-z -]+").all()
    terms = term_frequencies(real, by="report", codebook=book)
    assert set(terms.loc[terms["n"] >= 6, "term"]) <= set(frame["term"])


def test_a_codebook_may_lack_a_glossary(folder):
    (folder / "glossary.csv").unlink()
    assert list(read_codebook(folder).tables["glossary"].columns) == ["term", "gloss_en"]
    (folder / "glossary.csv").write_text("term,gloss_en\n鼓,drum\n鼓,kettle\n")  # one drum glossed twice
    assert refused(folder).startswith("glossary.csv:3: column term: '鼓' stands twice")


@pytest.mark.parametrize("table", [name for name in CODES if name != "modalities"])
def test_every_code_has_labels_in_both_languages(book, table):
    frame = book.tables[table]
    assert frame["id"].is_unique
    assert (frame[["label_en", "label_zh", "definition"]] != "").all(axis=None)


def test_no_rule_but_a_title_copies_a_dozen_characters_of_the_report(book, real):
    # rules are compositional: one that copies the report is tuned to it
    for table in RULES:
        if table == "actor_rules":
            continue
        for rule in book.rules(table, "zh"):
            for run in re.findall("[\u4e00-\u9fff]{12,}", rule.row["phrase"]):
                assert run not in real.text or "《" in rule.row["phrase"] or table == "instrument_rules", rule.rule_id


# ---- what it gives --------------------------------------------------------------------------------------------------


def test_a_small_codebook(tmp_path):
    book = read_codebook(
        write_codebook(
            tmp_path,
            words=[("drum", "zh", "鼓"), ("big", "*", "大"), ("drum", "en", "drum[s]")],
            phrases=[("drum", "zh", "{big}锣", "大锣")],
            terms=[("锣鼓", "zh"), ("drum", "en"), ("号", "zh")],
            **voice_rules(
                ("l-1", "loud", "zh", "{drum}声", "大锣声", "锣声", ),
                ("l-2", "loud", "en", "{drum}", "Drums", "gongs"),
                ("c-1", "calm", "*", "A[A]", "AA", "B"),
                ("x-1", BLOCKED, "zh", "鼓声大作", "鼓声大作", "鼓声"),
            ),
        )
    )  # fmt: skip
    assert list(book.codes("voices")) == ["calm", "loud", "procedure", "unknown"]
    assert book.codes("voices")["loud"] == {
        "id": "loud",
        "label_en": "loud",
        "label_zh": "响亮",
        "definition": "a loud voice",
    }
    assert [rule.rule_id for rule in book.rules("voice_rules", "zh")] == ["l-1", "c-1", "x-1"]
    assert [rule.rule_id for rule in book.rules("voice_rules", "en")] == ["l-2", "c-1"]
    assert book.rules("holder_rules", "zh") == ()
    assert book.words("terms", "zh") == ["锣鼓", "号"]
    assert book.words("stopwords", "zh") == []
    assert book.pattern("drum", "zh").fullmatch("大锣")
    assert book.pattern("drum", "en").fullmatch("DRUM")  # English does not tell case
    assert book.pattern("big", "zh").fullmatch("大")  # of every language
    assert not book.pattern("no such name", "zh").search("")


def test_rules_of_a_small_codebook_match(tmp_path):
    book = read_codebook(
        write_codebook(
            tmp_path,
            **voice_rules(
                ("l-1", "loud", "zh", "鼓", "鼓", "锣"), ("x-1", BLOCKED, "zh", "鼓励", "鼓励", "鼓")
            ),  # 鼓 'drum', 鼓励 'encourage'
        )
    )
    assert [match.start for match in find_matches(book.rules("voice_rules", "zh"), "鼓励打鼓")] == [3]


def test_a_rule_for_both_languages_alone_counts_in_both(tmp_path):
    book = read_codebook(write_codebook(tmp_path, **voice_rules(("c-1", "calm", "*", "A", "A", "B"))))
    assert [[rule.rule_id for rule in book.rules("voice_rules", lang)] for lang in ("zh", "en")] == [["c-1"], ["c-1"]]


def test_tables_saved_by_a_spreadsheet_read_alike(folder):
    book = read_codebook(folder)
    for file in folder.glob("*.csv"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    again = read_codebook(folder)
    for name, table in book.tables.items():
        assert_frame_equal(again.tables[name], table)


def test_a_codebook_is_read_anew_when_a_table_has_changed(folder):
    before = read_codebook(folder)
    change(folder, "voices", 2, label_en="changed")
    after = read_codebook(folder)
    assert next(iter(before.codes("voices").values()))["label_en"] != "changed"
    assert next(iter(after.codes("voices").values()))["label_en"] == "changed"


def test_a_codebook_that_was_mended_is_read(folder):
    text = (folder / "voices.csv").read_text(encoding="utf-8")
    (folder / "voices.csv").write_text("", encoding="utf-8")
    refused(folder)
    (folder / "voices.csv").write_text(text, encoding="utf-8")
    assert read_codebook(str(folder)).codes("voices")


# ---- broken tables: file, line, column, reason ----------------------------------------------------------------------


@pytest.mark.parametrize("table", list(RULES))
def test_an_unknown_code(folder, table):
    line = change(folder, table, code="no-such-code")
    message = refused(folder)
    assert message.startswith(f"{table}.csv:{line}: column code: unknown code 'no-such-code'; known are ")
    assert read_rows(folder, RULES[table][0])[1][0] in message


@pytest.mark.parametrize("table", [*CODES, *RULES])
def test_a_duplicate_id(folder, table):
    rows = read_rows(folder, table)
    write_rows(folder, table, [*rows, rows[1]])
    column = "id" if table in CODES else "rule_id"
    assert refused(folder).startswith(
        f"{table}.csv:{len(rows) + 1}: column {column}: {rows[1][0]!r} stands twice; every row needs an id of its own"
    )


def test_an_empty_id(tmp_path):
    message = refused(write_codebook(tmp_path / "rule", **voice_rules(("", "loud", "zh", "鼓", "鼓", "锣"))))
    assert message.startswith("voice_rules.csv:2: column rule_id: empty")
    message = refused(write_codebook(tmp_path / "code", voices=[*VOICES, ("", "mute", "无声", "no voice")]))
    assert message.startswith("voices.csv:6: column id: empty")


def test_a_word_twice_in_a_list(folder):
    rows = read_rows(folder, "words")
    write_rows(folder, "words", [*rows, rows[1]])
    assert refused(folder).startswith(f"words.csv:{len(rows) + 1}: column name: ")


@pytest.mark.parametrize(
    ("table", "column"), [*((table, "phrase") for table in (*RULES, "phrases")), ("words", "word")]
)
def test_a_broken_phrase(folder, table, column):
    line = change(folder, table, **{column: "(一"})
    assert refused(folder) == f"{table}.csv:{line}: column {column}: '(一': '(' is not closed"


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        ("[一", "'[' is not closed"),
        ("一)", "')' closes nothing"),
        ("一(二]", "'(' is not closed"),
        ("一>二", "'>二' means nothing here; in straight quotes it is read as printed"),
        ("{}", "'{}' means nothing here; in straight quotes it is read as printed"),
        ("<(一…)二", "'<(…)' holds what may be of any length; list words that stand before"),
        ("re:(一", "is broken: missing ), unterminated subpattern at position 0"),
    ],
)
def test_other_broken_phrases(tmp_path, phrase, reason):
    message = refused(write_codebook(tmp_path, **voice_rules(("l-1", "loud", "zh", phrase, "一", "二"))))
    assert message.replace("': ", "' ").endswith(f"column phrase: {phrase!r} {reason}".replace("': ", "' "))


@pytest.mark.parametrize(
    ("table", "column"), [*((table, "phrase") for table in (*RULES, "phrases")), ("words", "word")]
)
@pytest.mark.parametrize("name", ["no_such_name", "article_32"])
def test_an_unknown_name_in_a_phrase(folder, table, column, name):
    line = change(folder, table, **{column: f"{{{name}}}"})
    assert refused(folder) == (
        f"{table}.csv:{line}: column {column}: '{{{name}}}': {{{name}}} is a name in neither words.csv nor phrases.csv"
    )


def test_a_name_of_the_other_language_is_unknown(folder):
    line = change(folder, "voice_rules", lang="en", phrase="{drum}")
    assert refused(folder).endswith("{drum} is a name in neither words.csv nor phrases.csv")
    assert refused(folder).startswith(f"voice_rules.csv:{line}: ")


@pytest.mark.parametrize("phrase", ["{circle}", "a{round}b"])
def test_a_phrase_that_refers_to_itself(tmp_path, phrase):
    phrases = [("circle", "zh", phrase, "a"), ("round", "zh", "{circle}", "a")]
    message = refused(write_codebook(tmp_path, phrases=phrases))
    assert re.match(r"phrases\.csv:[23]: column phrase: '.*' refers to itself$", message)


@pytest.mark.parametrize("table", list(RULES))
@pytest.mark.parametrize("phrase", ["", "[一/二]", "[一]3", "re:(?:一)*"])
def test_a_phrase_that_matches_the_empty_text(folder, table, phrase):
    line = change(folder, table, phrase=phrase)
    assert refused(folder) == f"{table}.csv:{line}: column phrase: {phrase!r} matches the empty text"


@pytest.mark.parametrize("table", list(RULES))
def test_an_example_that_is_not_matched(folder, table):
    line = change(folder, table, phrase="丁丑", example="甲子", counterexample="乙丑")
    rule = read_rows(folder, table)[line - 1][0]
    reason = f"'甲子' is not matched by rule {rule}; found instead: nothing"
    assert refused(folder) == f"{table}.csv:{line}: column example: {reason}"


@pytest.mark.parametrize("table", list(RULES))
def test_a_counterexample_that_is_matched(folder, table):
    line = change(folder, table, phrase="丁丑", example="丁丑", counterexample="丁丑年")
    rule = read_rows(folder, table)[line - 1][0]
    assert refused(folder) == f"{table}.csv:{line}: column counterexample: '丁丑年' is matched by rule {rule}: '丁丑'"


def test_a_rule_needs_an_example_and_may_do_without_a_counterexample(tmp_path):
    read_codebook(write_codebook(tmp_path / "without", **voice_rules(("l-1", "loud", "zh", "鼓", "鼓", ""))))
    message = refused(write_codebook(tmp_path, **voice_rules(("l-1", "loud", "zh", "鼓", "", "锣"))))
    assert message == "voice_rules.csv:2: column example: empty; every rule needs one"


def test_an_example_that_a_longer_match_takes_away(tmp_path):
    rules = [("l-1", "loud", "zh", "鼓", "大鼓声", "锣"), ("c-1", "calm", "zh", "鼓声", "鼓声", "鼓")]
    message = refused(write_codebook(tmp_path, **voice_rules(*rules)))
    reason = "'大鼓声' is not matched by rule l-1; found instead: '鼓声' by c-1"
    assert message == f"voice_rules.csv:2: column example: {reason}"


def test_an_id_that_reads_like_two_rules(folder):
    line = change(folder, "stance_rules", rule_id="a+b")
    assert refused(folder).startswith(f"stance_rules.csv:{line}: column rule_id: 'a+b' is not of the form")


def test_a_counterexample_may_lose_to_a_longer_match(tmp_path):
    rules = [("l-1", "loud", "zh", "鼓", "鼓", "大鼓声"), ("c-1", "calm", "zh", "鼓声", "鼓声", "鼓")]
    read_codebook(write_codebook(tmp_path, **voice_rules(*rules)))


@pytest.mark.parametrize(
    ("table", "column"), [(name, column) for name, columns in TABLES.items() for column in columns]
)
def test_a_missing_column(folder, table, column):
    rows = read_rows(folder, table)
    at = rows[0].index(column)
    write_rows(folder, table, [[*row[:at], *row[at + 1 :]] for row in rows])
    assert refused(folder).startswith(f"{table}.csv:1: column {column}: missing; ")


@pytest.mark.parametrize("table", [table for table in TABLES if table not in OPTIONAL])
def test_a_missing_file(folder, table):
    (folder / f"{table}.csv").unlink()
    assert refused(folder) == f"{table}.csv: missing; a codebook needs every table of data/codebook"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
@pytest.mark.parametrize("table", ["holders", "holder_rules", "words"])
def test_a_table_that_is_not_utf8(folder, table, encoding):
    file = folder / f"{table}.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode(encoding))
    assert re.match(rf"{table}\.csv:\d+: not UTF-8", refused(folder))


@pytest.mark.parametrize(
    "broken",
    [b"", b"\n", b"id,label\n1,2,3,4,5,6\n7,8,9,10\n", b'id,label_en\n"open,1\n'],
    ids=["empty", "blank", "ragged", "open"],
)
def test_a_file_that_is_no_table(folder, broken):
    (folder / "voices.csv").write_bytes(broken)
    message = refused(folder)
    assert message.startswith("voices.csv:")
    assert "\n" not in message.strip()


def test_a_row_with_a_cell_too_many_or_too_few(folder):
    rows = read_rows(folder, "voices")
    for row in (["new", "new", "新", "new", "?"], ["new", "new"]):
        write_rows(folder, "voices", [*rows, row])
        assert re.match(rf"voices\.csv.*\b{len(rows) + 1}\b", refused(folder))


def test_lines_are_counted_in_the_file(folder):
    rows = read_rows(folder, "voice_rules")
    rows[-1][1] = "no-such-code"
    write_rows(folder, "voice_rules", [rows[0], [], *rows[1:]])  # a blank line, which is no row
    assert refused(folder).startswith(f"voice_rules.csv:{len(rows) + 1}: column code: ")


def test_a_codebook_that_was_tried_is_read_without_its_examples_and_no_other(folder):
    book = read_codebook(folder)
    change(folder, "stance_rules", example="no words of it")
    tried = tried_codebook(folder, codebook_sha256(folder))
    for table in RULES:
        for lang in ("zh", "en"):
            assert [rule.rule_id for rule in tried.rules(table, lang)] == [r.rule_id for r in book.rules(table, lang)]
            assert all(rule is tried.rule(rule.rule_id) for rule in tried.rules(table, lang))
    assert tried.rule("no-such-rule") is None
    with pytest.raises(CodebookError, match=r"codebook: is not the codebook that was named; .* one codebook for all$"):
        tried_codebook(folder, codebook_sha256())


def test_what_is_no_folder(folder):
    for path in (folder / "missing", folder / "voices.csv"):
        assert "no such folder" in refused(path)


def test_a_column_of_no_meaning_is_refused_but_for_notes(folder):
    book = read_codebook(folder)
    rows = read_rows(folder, "voices")
    write_rows(folder, "voices", [[*rows[0], "remark"], *([*row, "x"] for row in rows[1:])])
    assert refused(folder) == (
        "voices.csv:1: column remark: unknown; the table has id, label_en, label_zh, definition and may have note"
    )
    write_rows(folder, "voices", [[*rows[0], "note"], *([*row, "x"] for row in rows[1:])])
    assert_frame_equal(read_codebook(folder).tables["voices"], book.tables["voices"])


# ---- all failures at once -------------------------------------------------------------------------------------------


def test_every_example_that_fails_is_reported(tmp_path):
    rules = [
        ("l-1", "loud", "zh", "鼓", "锣", "大鼓"),  # both wrong
        ("c-1", "calm", "zh", "鼓声", "鼓声", "鼓"),
        ("c-2", "calm", "zh", "笛", "笛", ""),
        ("x-1", BLOCKED, "zh", "鼓励", "鼓舞", "鼓励"),
    ]
    failures, n_rules, n_examples = check_codebook(write_codebook(tmp_path, **voice_rules(*rules)))
    assert (n_rules, n_examples) == (4, 7)
    assert failures == [
        "voice_rules.csv:2: column example: '锣' is not matched by rule l-1; found instead: nothing",
        "voice_rules.csv:2: column counterexample: '大鼓' is matched by rule l-1: '鼓'",
        "voice_rules.csv:5: column example: '鼓舞' is not matched by rule x-1; found instead: '鼓' by l-1",
        "voice_rules.csv:5: column counterexample: '鼓励' is matched by rule x-1: '鼓励'",
    ]
    assert refused(tmp_path) == failures[0]


@pytest.mark.parametrize(
    ("lang", "phrase", "example", "counterexample"),
    [
        *(("zh", phrase, "鼓声", "鼓") for phrase in ("re:(?:鼓+锣?)*声", r"re:(?:鼓|\w)*声", "……声", "{many}声")),
        ("en", "re:(?:x+x+)+y", "xxy", "x"),
        ("en", "re:(?:(?:(?:x+)+)+)+y", "xy", "x"),  # sixteen characters would take it minutes
        ("en", "re:a[a-z ]*b[a-z ]*zq", "abzq", "a"),
    ],
)
def test_a_phrase_that_hangs_or_takes_ever_longer_is_reported(tmp_path, lang, phrase, example, counterexample):
    phrases = [("many", "zh", "……", "锣"), ("few", "zh", "…1-9", "锣")]
    rules = [("l-1", "loud", lang, phrase, example, counterexample), ("c-1", "calm", "zh", "({few})声", "鼓声", "鼓")]
    failures = check_codebook(write_codebook(tmp_path, phrases=phrases, **voice_rules(*rules))).failures
    reason = r"column phrase: takes ever longer on '.+', said again and again; bound what repeats in it"
    assert [failure for failure in failures if re.fullmatch(rf"voice_rules\.csv:2: {reason}", failure)]
    assert not [failure for failure in failures if failure.startswith("voice_rules.csv:3: column phrase")]


def test_an_empty_codebook_has_nothing_to_check(tmp_path):
    assert check_codebook(write_codebook(tmp_path)) == Check([], 0, 0)


def test_all_that_is_wrong_is_said_at_once(folder):
    change(folder, "voice_rules", code="no-such-code", phrase="(一")
    change(folder, "issues", themes="shade")
    add(folder, "words", name="gong", lang="zh", word="锣")
    add(folder, "words", name="drum", lang="zh", word="从前常在这里敲的鼓")  # the drum that used to be beaten here
    add(folder, "words", name="drum", lang="zh", word="drum that was beaten")
    add(folder, "phrases", name="beat", lang="zh", phrase="鼓" * 121, example="鼓")
    assert check_codebook(folder).failures == [
        "voice_rules.csv:2: column code: unknown code 'no-such-code'; known are -, calm, loud, procedure, unknown",
        "issues.csv:2: column themes: 'shade' is not in themes.csv",
        "voice_rules.csv:2: column phrase: '(一': '(' is not closed",
        "words.csv:5: column word: '从前常在这里敲的鼓' is no word: more than three words, or eight characters;"
        " phrases.csv is for phrases",
        "words.csv:6: column word: 'drum that was beaten' is no word: more than three words, or eight characters;"
        " phrases.csv is for phrases",
        f"phrases.csv:3: column phrase: '{'鼓' * 121}' is longer than 120 characters; put its alternatives into a list of"
        " words",
        "words.csv:4: column name: no phrase uses {gong} in 'zh'",
        "phrases.csv:2: column name: no phrase uses {beat} in 'zh'",
    ]


def test_a_table_that_cannot_be_read_is_told_with_the_others(folder):
    (folder / "voices.csv").unlink()
    (folder / "words.csv").write_text("name,lang\n", encoding="utf-8")
    assert check_codebook(folder) == Check(
        [
            "voices.csv: missing; a codebook needs every table of data/codebook",
            "words.csv:1: column word: missing; the table has name, lang",
        ],
        0,
        0,
    )


def test_a_codebook_without_a_subject_and_with_issues_of_the_starter(folder):
    write_rows(folder, "words", read_rows(folder, "words")[:-1])
    placeholder = read_rows(data_path("starter"), "issues")[1][0]
    line = add(folder, "issues", id=placeholder, mentioned="none")
    assert check_codebook(folder).failures == [
        "words.csv: no row with the name 'subject': which words show that a report is on the subject at all?",
        f"issues.csv:{line}: column id: {placeholder!r} is left of the starter; replace it by one of your own",
    ]


def test_an_example_of_a_phrase_with_a_name_is_tried_too(folder):
    line = change(folder, "phrases", example="击锣")
    assert check_codebook(folder).failures == [
        f"phrases.csv:{line}: column example: '击锣' is not matched by '击[大]{{drum}}'"
    ]


def test_tables_of_a_european_spreadsheet_read_alike(folder):
    book = read_codebook(folder)
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as table:
            rows = list(csv.reader(table))
        with file.open("w", encoding="utf-8-sig", newline="") as table:
            csv.writer(table, delimiter=";").writerows(rows)
    for name, table in read_codebook(folder).tables.items():
        assert_frame_equal(table, book.tables[name])


# ---- gaps that must not be swallowed --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["cn", "ZH", "", "zh "])
def test_an_unknown_language_of_a_rule(tmp_path, lang):
    message = refused(write_codebook(tmp_path, **voice_rules(("l-1", "loud", lang, "鼓", "鼓", "锣"))))
    assert message.startswith("voice_rules.csv:2: column lang: ")


@pytest.mark.parametrize("table", ["words", "terms", "stopwords"])
def test_an_unknown_language_of_a_word(tmp_path, table):
    rows = {"words": [("drum", "cn", "鼓")], "terms": [("鼓", "cn")], "stopwords": [("鼓", "cn")]}
    assert refused(write_codebook(tmp_path, **{table: rows[table]})).startswith(f"{table}.csv:2: column lang: ")


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("holder_rules", "part", "stronk"),
        ("modality_rules", "part", "wrod"),
        ("stance_rules", "issue", "no-such-issue"),
        ("issues", "instrument", "no-such-instrument"),
        ("theme_rules", "weight", "heavy"),
        ("holders", "rank", "first"),
        ("modalities", "rank", ""),
        ("actors", "kind", "stat"),
        ("instruments", "kind", "convetion"),
        ("instrument_rules", "kinds", "convention;protocoll"),
    ],
)
def test_a_slip_in_another_column(folder, table, column, value):
    line = change(folder, table, **{column: value})
    assert refused(folder).startswith(f"{table}.csv:{line}: column {column}: {value!r} ")


def test_a_word_of_every_language_counts_in_each_or_is_refused(tmp_path):
    try:
        book = read_codebook(write_codebook(tmp_path, terms=[("COVID-19", "*")]))
    except CodebookError as error:
        message = str(error)
    else:
        assert [book.words("terms", lang) for lang in ("zh", "en")] == [["COVID-19"]] * 2
        return
    assert message.startswith("terms.csv:2: column lang: ")


def add(folder, table, **cells):
    """Add a row at the end of a table; returns its line."""
    rows = read_rows(folder, table)
    write_rows(folder, table, [*rows, [cells.get(column, "") for column in rows[0]]])
    return len(rows) + 1


def test_an_anaphor_that_points_back_to_no_kind(folder):
    # 该框架 'that framework': the row does not say what kind of text it may point back to
    anaphor = {"rule_id": "new", "code": "anaphor", "lang": "zh", "phrase": "该框架", "form": "anaphor"}
    line = add(folder, "instrument_rules", **anaphor, example="该框架", counterexample="框架")
    assert refused(folder).startswith(f"instrument_rules.csv:{line}: column kinds: empty")


def test_a_regular_expression_with_a_flag_of_its_own(bundled):
    rule = {"rule_id": "new", "code": "named", "lang": "zh", "phrase": "re:(?i:abc)", "part": "weak"}
    add(bundled, "holder_rules", **rule, example="ABC", counterexample="DEF")
    statements = find_statements(
        sentences_report(["Abc指出，时间有限。"]), tried_codebook(bundled, codebook_sha256(bundled))
    )
    assert list(statements["holder"]) == ["named"]  # Abc noted that time was short


@pytest.mark.parametrize(("table", "code"), [(table, code) for table, codes in NEEDED.items() for code in codes])
def test_codes_that_no_rule_gives_are_not_missed(folder, table, code):
    write_rows(folder, table, [row for row in read_rows(folder, table) if row[0] != code])
    if table == "holders":  # its rules would be refused before
        write_rows(folder, "holder_rules", read_rows(folder, "holder_rules")[:1])
    assert refused(folder) == f"{table}.csv: no row with the id {code!r}; it stands for what no rule says"


def test_what_the_benchmark_does_not_need_is_listed(monkeypatch):
    monkeypatch.setattr(unneeded, "gold_sets", list)  # the bundled report alone is quicker
    lines = "\n".join(unneeded.find_unneeded(read_codebook()))
    assert re.search(r"^holder_rules\.csv:\d+: no sentence of the benchmark needs ho-one-en$", lines, re.M)
    assert not re.search("needs ho-several$", lines, re.M)
    assert re.search(r"^phrases\.csv:\d+: no sentence of the benchmark needs say_phrase, as in '\w", lines, re.M)
