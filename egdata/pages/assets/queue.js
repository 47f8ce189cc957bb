/** The rows of a coding as entries that can be filtered, counted and put in order: what is worth a look comes first. */

import { actorsOf, decisionOn, isLive, isPosition } from "./sentences.js";

export const FACETS = ["issue", "stance", "holder", "actor", "voice", "instrument", "theme", "certainty", "opinion", "coder",
  "decided", "differs"];
const CERTAINTIES = ["check", "likely", "", "sure"]; // what nothing is known of comes before what is sure
const last = 1e9;

export class Queue {
  /** `data` has what is found; of each entry it is looked up once, for as long as its sentence stays what it is. */
  constructor(data, review) {
    this.data = data;
    this.review = review;
    this.contested = new Set(data.contested);
    this.order = new Map(data.sentences.map(({ sid }, at) => [sid, at]));
    this.words = new Map(data.statements.map((statement) => [statement.statement_id, statement.quote]));
    this.entriesOf = new WeakMap();
    this.listed = null;
  }

  get entries() {
    if (this.listed?.version !== this.review.version) {
      const entries = this.review.sentences.flatMap((sentence) => this.of(sentence));
      this.listed = { version: this.review.version, entries };
    }
    return this.listed.entries;
  }

  of(sentence) {
    if (!this.entriesOf.has(sentence)) {
      const original = this.review.originals.get(sentence.sid);
      this.entriesOf.set(sentence, sentence.rows.map((row, at) => this.#entry(sentence, row, at, original))
        .filter(({ row }) => isLive(row) || !row.added));
    }
    return this.entriesOf.get(sentence);
  }

  #entry(sentence, row, at, original) {
    const decided = decisionOn(sentence, at, original);
    const before = original.rows[at];
    const differs = this.#coders.filter((coder) => this.differsFrom(coder, sentence, at));
    const others = differs.filter((coder) => coder !== this.data.coders[0]);
    const second = row.second_opinion || (this.data.coders.length > 1 ? (others.length ? "differs" : "agrees") : "");
    const isHeld = isLive(row) && isPosition(row);
    const codes = {
      issue: isHeld ? [row.issue] : [], stance: isHeld ? [row.stance] : [], holder: isLive(row) ? [row.holder] : [],
      actor: isLive(row) ? [...new Set([...actorsOf(row, before), ...(row.beside ?? [])])] : [],
      voice: [sentence.voice], theme: sentence.themes,
      instrument: [...sentence.instruments, ...sentence.further],
      certainty: [row.certainty], opinion: [second], coder: [decided === "changed" ? "person" : this.data.coders[0]],
      decided: [decided], differs,
    };
    const worth = [
      before && this.#isDisputed(original, at) ? 0 : 1,
      before ? CERTAINTIES.indexOf(before.certainty) : last,
      before && this.contested.has(before.issue) ? 0 : 1,
      before?.issue ? 0 : 1,
    ];
    const [key, sid] = [`${sentence.sid}|${at}`, sentence.sid];
    for (const facet of FACETS) codes[facet] = codes[facet].filter(Boolean);
    const words = (this.words.get(row.statement) ?? row.quote).toLowerCase();
    return { key, sid, at, row, sentence, decided, codes, worth, words };
  }

  // ---- other coders -------------------------------------------------------------------------------------------------

  get #coders() {
    return this.data.coders;
  }

  /** Issue → stance and quote that a coder has in a statement; null if it did not answer. */
  saidBy(coder, statement) {
    if (coder !== this.data.coders[0]) return this.data.opinions[coder][statement] ?? null;
    const sentence = this.review.originals.get(statement.slice(0, statement.lastIndexOf("/")));
    const rows = sentence.rows.filter((row) => row.statement === statement && row.issue);
    return Object.fromEntries(rows.map((row) => [row.issue, [row.stance, row.quote]]));
  }

  /** Whether a coder says otherwise than a row; of the issues that no row has, the first row of its statement tells. */
  differsFrom(coder, sentence, at) {
    const row = sentence.rows[at];
    const said = this.saidBy(coder, row.statement);
    if (!said) return false;
    const own = sentence.rows.filter((other) => other.statement === row.statement);
    const held = new Set(own.filter((other) => isLive(other) && isPosition(other)).map((other) => other.issue));
    if (own[0] === row && Object.keys(said).some((issue) => !held.has(issue))) return true;
    return isLive(row) && isPosition(row) && said[row.issue]?.[0] !== row.stance;
  }

  #isDisputed(original, at) {
    return original.rows[at].second_opinion === "differs"
      || this.data.coders.slice(1).some((coder) => this.differsFrom(coder, original, at));
  }

  // ---- filtering ----------------------------------------------------------------------------------------------------

  /** Entries that a filter leaves: `codes`, a set for each facet, and `text`; `without` names a facet not to ask. */
  shown({ codes, text }, without) {
    const wanted = FACETS.filter((facet) => facet !== without && codes[facet].size);
    return this.entries.filter((entry) => entry.words.includes(text.toLowerCase())
      && wanted.every((facet) => entry.codes[facet].some((code) => codes[facet].has(code))));
  }

  /** How many statements each code of a facet would leave. */
  counts(facet, filter) {
    const statements = new Map();
    for (const entry of this.shown(filter, facet)) {
      for (const code of entry.codes[facet]) {
        if (!statements.has(code)) statements.set(code, new Set());
        statements.get(code).add(entry.row.statement);
      }
    }
    return new Map([...statements].map(([code, ids]) => [code, ids.size]));
  }

  /** In the order of the text, of what is worth a look, or of the codes of a facet. */
  sorted(entries, by, codes) {
    const places = new Map((codes ?? []).map((code, at) => [code, at]));
    const rank = {
      text: () => [],
      worth: (entry) => entry.worth,
    }[by] ?? ((entry) => [Math.min(last, ...entry.codes[by].map((code) => places.get(code) ?? last))]);
    const ranked = entries.map((entry) => [[...rank(entry), this.order.get(entry.sid), entry.at], entry]);
    return ranked.sort(([left], [right]) => {
      const at = left.findIndex((value, place) => value !== right[place]);
      return at < 0 ? 0 : left[at] - right[at];
    }).map(([, entry]) => entry);
  }
}
