/**
 * A sentence as it is coded, and what a person can change in it. Sentences are never changed in place.
 *
 * A sentence has `sid, instruments, modality, themes` and rows, one for each statement and position, as a coding sheet
 * has them: `statement, holder, actor, issue, stance, quote`, and what a person says of them: `removed, decided, note`.
 */

const OF_SENTENCE = ["modality", "instruments", "themes"];
const OF_STATEMENT = ["holder", "actor"];
const CODED = ["statement", "holder", "actor", "issue", "stance", "removed"];

export const same = (left, right) => left === right || JSON.stringify(left) === JSON.stringify(right);
export const isLive = (row) => !row.removed;
/** An issue without a stance, or a stance without an issue, is not yet a position. */
export const isPosition = (row) => Boolean(row.issue && row.stance);

/** Who speaks by name: nobody in a statement that a person gave another kind of holder. */
export const actorsOf = (row, original) => (row.holder === "named" || row.holder === original?.holder ? row.actor : []);

const withRows = (sentence, change) => ({ ...sentence, rows: sentence.rows.map(change) });
const decide = (sentence, at) => withRows(sentence, (row, place) => (place === at ? { ...row, decided: true } : row));

/** A row with another value; what belongs to its statement or its sentence changes there. */
export function withValue(sentence, at, field, value) {
  if (OF_SENTENCE.includes(field)) return decide({ ...sentence, [field]: value }, at);
  const { statement } = sentence.rows[at];
  const isMeant = (row, place) => place === at || (OF_STATEMENT.includes(field) && row.statement === statement);
  return withRows(sentence, (row, place) => (isMeant(row, place) ? { ...row, [field]: value, decided: true } : row));
}

export const withRight = (sentence, at) => decide(sentence, at);

export const withNote = (sentence, at, note) =>
  withRows(sentence, (row, place) => (place === at ? { ...row, note } : row));

/**
 * Without the position of a row; without its statement where it has no position. The last row of a sentence stays, and
 * so does the last of a statement with a position, as one without. What is gone already comes back as it was found.
 */
export function withoutRow(sentence, at, original) {
  const row = sentence.rows[at];
  const restored = { ...(original ?? row), removed: false };
  if (row.removed) return withRows(sentence, (other, place) => (place === at ? restored : other));
  const others = sentence.rows.filter((other, place) => place !== at && isLive(other));
  const goes = row.issue ? others.some((other) => other.statement === row.statement) : others.length > 0;
  const left = goes ? { removed: true } : { issue: "", stance: "" };
  return decide(withRows(sentence, (other, place) => (place === at ? { ...other, ...left } : other)), at);
}

/** With a row more: of the statement of another row, or of one of its own. */
export function withAdded(sentence, at, quote, ofItsOwn) {
  const like = sentence.rows[at];
  const statement = ofItsOwn ? newStatement(sentence) : like.statement;
  const made = { ...like, statement, issue: "", stance: "", quote, removed: false, decided: ofItsOwn, note: "", added: true };
  return { ...sentence, rows: [...sentence.rows, { ...made, rule_id: "", certainty: "", second_opinion: "" }] };
}

/** With what another coder says of a statement on an issue: its stance and words, or nothing. */
export function withSide(sentence, statement, issue, said) {
  const find = (isMeant) => sentence.rows.findIndex((row) => row.statement === statement && isMeant(row));
  const at = find((row) => isLive(row) && row.issue === issue);
  if (!said) return at < 0 ? sentence : withoutRow(sentence, at);
  const [stance, words] = said;
  if (at >= 0) return withValue(sentence, at, "stance", stance);
  const free = find((row) => row.removed ? row.issue === issue : !row.issue);
  const quote = sentence.text.includes(words) ? words : sentence.rows[find(() => true)].quote; // another language has others
  const roomy = free >= 0 ? sentence : withAdded(sentence, find(() => true), quote, false);
  const place = free >= 0 ? free : sentence.rows.length;
  return decide(withRows(roomy, (row, number) => (number === place ? { ...row, issue, stance, removed: false } : row)), place);
}

export function newStatement(sentence, taken = new Set(sentence.rows.map((row) => row.statement))) {
  for (let number = 1; ; number += 1) {
    const id = `${sentence.sid}/p${number}`;
    if (!taken.has(id)) return id;
  }
}

/** Whether what belongs to the sentence as a whole is as it was found. */
export const isSentenceAsFound = (sentence, original) =>
  OF_SENTENCE.every((field) => same(sentence[field], original[field]));
export const isRowAsFound = (row, original) =>
  Boolean(original) && CODED.every((field) => same(row[field], original[field]));

/** What a person decided on a row: `open`, `right` as it was found, or `changed`. */
export function decisionOn(sentence, at, original) {
  if (!sentence.rows[at].decided) return "open";
  const isAsFound = isRowAsFound(sentence.rows[at], original.rows[at]) && isSentenceAsFound(sentence, original);
  return isAsFound ? "right" : "changed";
}
