"""Words that several packages share: what a column may hold, and who counts as whom."""

REPORT_ID = "report_id"
LANGS = ("zh", "en")  # of reports, and of all that is shown
#: The voices in which views are told, in the order of a report; nobody may take them for decisions.
VOICES = PROPOSALS, SUMMARY = ("proposals", "chair-summary")
#: Stances in the order in which they are counted and drawn.
STANCES = ("for", "conditional", "neutral", "against")
#: Their colours, which mean nothing else in charts, networks and pages, in the order in which charts draw them.
#: Vermillion and blue are those of Okabe and Ito; all differ for every kind of colour vision.
STANCE_COLORS = {"against": "#d55e00", "neutral": "#7a7a7a", "conditional": "#a6458c", "for": "#0072b2"}
#: Who counts as one actor, from the narrowest reading to the widest.
IDENTITIES = ("mention", "unit", "merged")
RELATIONS = ("speaks-of", "mentioned-with")
UNATTRIBUTED = "unattributed"
#: Holders of statements that name none. They make nodes of their own types, which are no actors.
NO_HOLDER = ("impersonal", UNATTRIBUTED)
ACTOR_TYPES = ("anonymous", "named", "state", "group", "body", *NO_HOLDER)
#: How an actor takes part in a statement, and whether its predicate holds; an opponent's is reversed.
ROLES = SPEAKER, BEHALF, WITH, SUPPORTER, OPPONENT = ("speaker", "on-behalf-of", "with", "supporter", "opponent")
POLARITIES = AFFIRMED, NEGATED = ("affirmed", "negated")
ANAPHOR = "anaphor"  # the code of a rule whose match takes the code of what it points back to
RULES, PERSON = "rules", "person"  # who coded a row; another coder stands there by its name
CODER = "coder"  # in place of a rule, for what a coder other than rules and person gave
OPPOSITE = {"for": "against", "against": "for"}  # stances that a denial turns round
CERTAINTIES = ("sure", "likely", "check")
NO_ANSWER, REFUSED = LEFT_OUT = ("no-answer", "refused")  # why a coder that was asked left a sentence uncoded
AGREES, DIFFERS = OPINIONS = ("agrees", "differs")  # a second coder, on a position
#: What reports are compared by, and the table with its codes.
KINDS = {"issue": "issues", "instrument": "instruments", "theme": "themes"}
TRENDS = ("rises", "falls", "unclear")
