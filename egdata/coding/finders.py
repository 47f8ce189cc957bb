"""One frame of a coding each: mentions, statements, positions, themes, speakers and actors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egdata.codebook.codebook import Codebook
from egdata.coding.coding import Coding, coding_of
from egdata.coding.several import over_reports

if TYPE_CHECKING:
    import pandas as pd

    from egdata.reading.report import Report


@over_reports
def find_mentions(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find every mention of an instrument, body or State, in sentences and in footnotes.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per mention, in text order: ``mention_id``; ``sentence_id`` or, for a mention in a footnote,
        ``footnote_id`` (the other is empty); ``entity_id``, an id of the tables ``instruments`` or ``actors``, for a
        resolution outside the codebook its organ and number (``ga-55-63``), for an unknown title ``title-`` and the
        title, empty for an anaphor that points to nothing; ``kind`` (``instrument``, ``body``, ``group``, ``state``);
        ``form`` (``named``, ``short``, ``generic``, ``anaphor``); ``locator`` (``art. 18(3)``, several with ``; ``);
        ``antecedent_id``, the mention that an anaphor points back to; ``start``, ``end``, ``quote``, ``rule_id``,
        ``coded_by``. No rows for a report that mentions nothing.

    Notes
    -----
    Of overlapping names the longest wins, so 欧洲委员会 in the title of its convention is no mention of the Council of
    Europe. An anaphor (该公约) looks back inside its unit for the nearest instrument of the right kind that was named,
    and only then for one spoken of without a name. A number without an article (第32条) belongs to the last instrument
    before it in the sentence.
    """
    return coding_of(report, codebook).mentions


@over_reports
def find_statements(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find who is said to hold a view, sentence by sentence.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per sentence and holder, in text order; every sentence has at least one row, the holder of a sentence
        that reports nobody is ``unattributed``. Columns: ``statement_id`` (``22#1/s1``), ``sentence_id``; ``holder``
        and ``holder_rank`` (1 ``one`` … 5 ``general``, missing off the scale); ``holder_start``, ``holder_end``,
        ``holder_quote``, the words that name the holder (missing where none do); ``group_id``, the identity of the
        group: the statement that introduced it; ``antecedent_id``, the statement that an anaphor (该发言者, 他们)
        points back to; ``verb``, the reporting verb; ``modality``; ``is_contrast``, whether the holder is set in
        contrast to one before; ``start``, ``end``, ``quote``, the stretch that the holder governs; ``rule_id``;
        ``coded_by``.

    Notes
    -----
    Two mentions of 'some speakers' are two groups: only an anaphor links them, and it looks back inside its unit.
    Who joins a holder ('The Chair, supported by some delegations, said') has a statement of the same stretch.
    """
    return coding_of(report, codebook).statements


@over_reports
def find_positions(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find who is for and against what.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per statement and issue, in text order: ``position_id`` (``22#1/s1/new-convention``), ``statement_id``,
        ``issue_id``, ``stance`` (``for``, ``conditional``, ``neutral``, ``against``), ``start``, ``end``,
        ``quote`` (from target to cue, to the end of the clause), ``rule_id`` (``target+cue``), ``citation``,
        ``coded_by``; of its statement ``sentence_id`` and ``holder``, and the ``voice`` that it stands in;
        ``certainty`` (``sure``, ``likely``, ``check``), of the rules by the model that the codebook has learnt from
        coded sets, and ``second_opinion`` (``agrees``, ``differs``); both empty where nothing is known. No
        rows for a report that is about none of the issues.

    Notes
    -----
    A report in which fewer than one sentence in ten has a word of the codebook's ``subject`` (words.csv) is about
    something else, and its new convention is another one: only paragraphs in which one sentence in three has such a
    word are coded. Bare sentences and short extracts without headings count as on the subject.

    A target finds the subject of an issue's proposition, by its words or by a mention of its instrument (so 该公约
    counts). The words that govern it in its clause are multiplied from the inside out: 'argued against any plan to
    dissolve the Group' is against × dissolve, and so for it. Idioms of an issue and conditions are heard before and
    after that (:mod:`egdata.coding.positions`); :func:`explain` shows all that was weighed for one row, and
    :func:`position_traces` says it in numbers.
    """
    return coding_of(report, codebook).positions


@over_reports
def find_themes(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find what each sentence is about.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional
        Its ``theme_rules`` say which words speak of which theme and how much each weighs as evidence of it; its
        ``issues`` say which themes a position on an issue is about.

    Returns
    -------
    DataFrame
        One row per sentence × theme, in the order of the text and then of ``rank``:

        - ``sentence_id``, ``theme_id`` : str
        - ``rank`` : int, 1 for the most central theme of the sentence, 3 at most
        - ``n_hits`` : int, matches of the theme's rules in the sentence; 0 where only a position is about it, and
          where it is taken over (Notes)
        - ``coded_by`` : str, ``rules``

        A sentence in which no rule matches has no row; a report without sentences gives an empty frame.

    Notes
    -----
    The weight of a theme in a sentence is that of its matches: the heaviest whole, the next half, a third,
    and so on. A theme that does not reach half the weight of the heaviest is a passing mention and is left
    out, so that general words (国际合作, 预防) only speak where nothing more specific does. Of equally heavy
    themes the one named first comes first. A position is about the themes of its issue, whatever its words are: it
    weighs as much as a word that is always about them, and they are no passing mention.

    A sentence without a theme that points back (这些工具, 此类责任) takes over the themes of the preceding
    sentence of its unit; one whose whole subject is 这 takes over the most central one beside its own.

    The rules see words, not their sense: what is denied or said in words the codebook lacks is lost on them.

    Examples
    --------
    >>> from egdata.reading.report import sentences_report
    >>> text = "应加强培训，以便更好地保全电子证据。"  # enhance training, to preserve evidence better
    >>> themes = find_themes(sentences_report([text]))
    >>> list(themes["theme_id"])
    ['capacity-building', 'electronic-evidence']
    """
    return coding_of(report, codebook).themes


@over_reports
def find_speakers(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find who is said to have taken the floor.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional
        Names, ISO codes and short forms come from its tables ``actors`` and ``actor_rules``.

    Returns
    -------
    DataFrame
        One row per State, body or person in a unit and a role, in text order: ``name_zh`` and
        ``name_en`` as in the codebook; ``iso3``, empty for what is no State; ``role``; ``person``, as
        printed; ``unit_id``, for a footnote the unit of its anchor; ``start``, ``end``, ``quote``.
        Roles are ``member-state``, ``observer-state``, ``organization``, ``observer``, ``panellist``,
        ``chair``, ``vice-chair`` and ``spoken-for`` (somebody else spoke on its behalf). A name outside
        the codebook stands in both name columns as printed, with an empty ``iso3``; so does a person
        without a country. No rows for a report that names no speaker.

    Notes
    -----
    Three formulae are known in Chinese and English: a list after a colon whose head says that those named
    spoke or were panellists; names before 'made a statement', in English also after 'a statement was made
    by'; a chair with a country in brackets. Who only attended is not listed. A list is never shortened:
    what the codebook does not know is kept. Names before a verb are taken only if the codebook knows one
    of them or they follow 来自 (from), since 'some speakers' names nobody. A State that the codebook
    defines as an observer is an ``observer-state`` unless the head of a list says otherwise.

    Examples
    --------
    'Experts from the following Member States made statements: Japan and Peru.'

    >>> from egdata.reading.report import sentences_report
    >>> speakers = find_speakers(sentences_report(["以下会员国的专家作了发言：日本和秘鲁。"]))
    >>> speakers[["name_en", "iso3", "role", "quote"]].values.tolist()
    [['Japan', 'JPN', 'member-state', '日本'], ['Peru', 'PER', 'member-state', '秘鲁']]
    """
    return coding_of(report, codebook).speakers


@over_reports
def find_actors(report: Report | Coding, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find who takes part in each statement, and as what.

    Parameters
    ----------
    report : Report, Coding or list of them
    codebook : Codebook, optional

    Returns
    -------
    DataFrame
        One row per statement, predicate and actor, in text order: ``statement_id``, ``sentence_id``; ``actor_id``, an
        id of the table ``actors``, the name as printed of whom the codebook does not know, or for an anonymous class
        the statement that introduced it; ``node_type`` (``state``, ``group``, ``body``, ``named`` outside the codebook,
        ``anonymous``); ``name_en``, ``name_zh``; ``role``: ``speaker``, ``on-behalf-of`` and ``with`` (for and with
        whom the speaker speaks), ``supporter``, ``opponent``; ``predicate``, the verb of the statement as printed,
        without the preposition that leads to the message (``called`` of 'called for'), with ``predicate_start`` and
        ``predicate_end``, missing where there is none; ``polarity`` (``affirmed``, ``negated``), reversed for an
        opponent; ``message``, the words of what is said; ``start``, ``end``, ``quote``, the words that name the actor,
        a pronoun where it points back. No rows for whom an impersonal or unattributed statement does not name.

    Notes
    -----
    A sentence is read as a row of names, verbs and marks of a few kinds, which are word lists of the codebook
    (``backed_by``, ``resisted_by``, ``for_whom`` and so on), and subjects, their asides and what goes on
    after them are patterns over these kinds. So a sentence may have several predicates ('noted …, and called for'), and
    a participle before or behind ('Noting …, Chile proposed'), a passive ('was proposed by'), a noun ("Chile's concern
    about") or words around what is said are predicates, too. Who supports a statement is a speaker only where nobody
    else makes it ('The text was supported by Chile').

    A name is what the codebook knows, or whatever is written with capitals where a name can stand. A pronoun means who
    spoke before it in the unit. Two mentions of 'some speakers' are two actors unless an anaphor links them. Whoever a
    person added by a correction has no words of its own: the span is that of the statement.

    Examples
    --------
    >>> from egdata.reading.report import sentences_report
    >>> report = sentences_report(["Peru, opposed by Chile, urged calm."], "en")
    >>> find_actors(report)[["name_en", "role", "predicate", "polarity", "message"]].values.tolist()
    [['Peru', 'speaker', 'urged', 'affirmed', 'calm'], ['Chile', 'opponent', 'urged', 'negated', 'calm']]
    """
    return coding_of(report, codebook).actors
