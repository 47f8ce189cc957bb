/** Coding sheets: read into edits of a coding, and written from it, as egdata in Python reads and writes them. */

import { actorsOf, decisionOn, isLive, isPosition, isRowAsFound, isSentenceAsFound, newStatement, same } from "./sentences.js";

const COLUMNS = ["sid", "section", "holder", "issue", "stance", "instruments", "modality", "themes", "statement", "quote",
  "text", "certainty", "gloss_en", "actor", "decided", "note"];
const LISTS = ["instruments", "themes", "statement", "actor"]; // several values in a cell, with ; between them
const CHECKED = ["holder", "issue", "stance", "instruments", "modality", "themes"];
const BOM = "\ufeff"; // tells Excel that it is UTF-8; with it goes an apostrophe before what Excel would calculate
const FORMULA = /^'*[=+@\-\t\r\n＝＋－＠]/;

/** What is wrong with a sheet, and where: a key of the page's words, the row as Excel counts it, the column, the value. */
export class SheetError extends Error {
  constructor(reason, { row = null, column = "", value = "" } = {}) {
    super(reason);
    Object.assign(this, { reason, row, column, value });
  }
}

// ---- writing --------------------------------------------------------------------------------------------------------

/** The whole sheet with its header; `originals` are the sentences as they were found, by sid. */
export function sheetRows(sentences, originals) {
  const rows = sentences.flatMap((sentence) => sentence.rows.flatMap((row, at) => (isSaid(row, sentence.rows)
    ? [rowOfSheet(sentence, at, originals.get(sentence.sid))] : [])));
  return [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))];
}

export const writeCsv = (rows) => `${BOM}${rows.map((cells) => cells.map(cellOf).join(",")).join("\n")}\n`;

/** Whether a row stands in a sheet: one without a position does for a statement that has none. */
function isSaid(row, rows) {
  const own = rows.filter((other) => isLive(other) && other.statement === row.statement);
  return isPosition(row) ? isLive(row) : row === (own.find(isPosition) ?? own[0]);
}

function rowOfSheet(sentence, at, original) {
  const row = sentence.rows[at];
  const decision = decisionOn(sentence, at, original);
  const { issue, stance } = isPosition(row) ? row : { issue: "", stance: "" };
  return {
    ...sentence, ...row, issue, stance, decided: decision === "open" ? "" : decision,
    instruments: sentence.instruments.join(";"), themes: sentence.themes.join(";"),
    actor: actorsOf(row, original.rows[at]).join(";"),
  };
}

function cellOf(value) {
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\n\r;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// ---- reading --------------------------------------------------------------------------------------------------------

/** The rows of a CSV or TSV file. */
export function readCsv(bytes) {
  const text = textOf(bytes);
  if (!text.startsWith(BOM)) return cellsOf(text);
  const cell = (value) => (value.startsWith("'") && FORMULA.test(value) ? value.slice(1) : value);
  return cellsOf(text.slice(1)).map((cells) => cells.map(cell));
}

function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); // the mark says that it is for Excel
  } catch {
    throw new SheetError("noUtf8"); // words of a person would be lost
  }
}

/** The rows below a header, each an object of its cells and of its `place`, as a spreadsheet counts. */
export function recordsOf([header = [], ...lines]) {
  if (!header.includes("sid")) throw new SheetError("noSid");
  return lines.map((cells, at) => [cells, at + 2]).filter(([cells]) => cells.some((value) => value.trim()))
    .map(([cells, place]) => ({ ...Object.fromEntries(header.map((name, at) => [name.trim(), cells[at] ?? ""])), place }));
}

/** Those that are about a report, where rows say of which of several they are. */
export function ownRows(records, report) {
  const own = records.filter((row) => (row.report_id ?? report) === report);
  if (records.length && !own.length) {
    throw new SheetError("noReport", { row: records[0].place, column: "report_id", value: records[0].report_id });
  }
  return own;
}

function cellsOf(text) {
  const [first] = text.split("\n", 1);
  const separator = ["\t", ",", ";"].reduce((best, mark) => (first.split(mark).length > first.split(best).length ? mark : best));
  const rows = [[""]];
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const row = rows.at(-1);
    const sign = text[at];
    if (isQuoted) {
      if (sign !== '"') row[row.length - 1] += sign;
      else if (text[at + 1] === '"') row[row.length - 1] += text[at += 1];
      else isQuoted = false;
    } else if (sign === '"' && row.at(-1) === "") isQuoted = true;
    else if (sign === separator) row.push("");
    else if (sign === "\n") rows.push([""]);
    else if (sign !== "\r") row[row.length - 1] += sign;
  }
  return rows;
}

/**
 * What a sheet says of the sentences that it has: sid → sentence. `originals` are those of the coding, by sid;
 * those of `written` that have no row have lost their positions.
 */
export function readSheet(records, originals, codes, written = []) {
  const groups = new Map();
  for (const { place, ...cells } of records) {
    const row = Object.fromEntries(Object.entries(cells).map(([column, value]) => [column, valueOf(column, value)]));
    if (!originals.has(row.sid)) throw new SheetError("noSentence", { row: place, column: "sid", value: row.sid });
    check(row, place, codes);
    groups.set(row.sid, [...(groups.get(row.sid) ?? []), { ...row, place }]);
  }
  const hasIssues = records.every((row) => "issue" in row);
  for (const sid of written.filter((id) => hasIssues && originals.has(id) && !groups.has(id))) {
    const { rows } = originals.get(sid);
    groups.set(sid, rows.map(({ statement, holder }) => ({ statement: [statement], holder, issue: "", stance: "" })));
  }
  return new Map([...groups].map(([sid, rows]) => [sid, sentenceOf(originals.get(sid), rows)]));
}

const valueOf = (column, value) => (!LISTS.includes(column) ? value.trim()
  : [...new Set(value.split(";").map((part) => part.trim()).filter(Boolean))]);

function check(row, place, codes) {
  for (const column of CHECKED.filter((name) => name in row)) {
    for (const value of [row[column]].flat()) {
      if (value && !Object.hasOwn(codes[column], value)) throw new SheetError("noCode", { row: place, column, value });
    }
  }
  for (const column of ["holder", "modality"]) {
    if (row[column] === "") throw new SheetError("isEmpty", { row: place, column });
  }
  if (Boolean(row.issue) !== Boolean(row.stance)) {
    throw new SheetError("isEmpty", { row: place, column: row.issue ? "stance" : "issue" });
  }
}

function sentenceOf(original, rows) {
  const sentence = { ...original };
  for (const column of ["modality", "instruments", "themes"]) {
    sentence[column] = agreed(rows, column) ?? original[column];
  }
  const isAboutRows = "holder" in rows[0] || "issue" in rows[0];
  const said = isAboutRows ? saidOf(original, rows) : original.rows;
  const isAsFound = isSentenceAsFound(sentence, original);
  const coded = aligned(original, said).map((row, at) => {
    const isChanged = !isRowAsFound(row, original.rows[at]);
    return { ...row, decided: isChanged || Boolean(row.decided ?? !isAsFound) };
  });
  const isDecided = isAsFound || coded.some((row) => row.decided);
  return { ...sentence, rows: isDecided ? coded : coded.map((row) => ({ ...row, decided: true })) };
}

/** What the rows of a sentence must agree on; undefined if the sheet does not have it. */
function agreed(rows, column) {
  const having = rows.filter((row) => column in row);
  const order = (value) => (column === "instruments" ? [...value].sort() : value); // themes are ranked
  const other = having.find((row) => !same(order(row[column]), order(having[0][column])));
  if (other) throw new SheetError("notAgreed", { row: other.place, column, value: [other[column]].flat().join(";") });
  return having[0]?.[column];
}

/** One row for each statement and position that the rows of a sheet speak of. */
function saidOf(original, rows) {
  const known = new Set(original.rows.map((row) => row.statement));
  const named = rows.some((row) => row.statement?.length) ? rows : withNames(original, rows, known);
  const taken = new Set(named.flatMap((row) => row.statement ?? []));
  const said = [];
  for (const row of named) {
    for (const statement of row.statement?.length ? row.statement : [newStatement(original, taken)]) {
      taken.add(statement);
      if (!known.has(statement) && !(statement.startsWith(`${original.sid}/p`) && /\/p\d+$/.test(statement))) {
        throw new SheetError("noStatement", { row: row.place, column: "statement", value: statement });
      }
      const own = original.rows.filter((other) => other.statement === statement);
      const holder = row.holder ?? own[0]?.holder;
      if (!holder) throw new SheetError("isEmpty", { row: row.place, column: "holder" });
      const positions = "issue" in row ? [row] : own; // a sheet of holders alone leaves the positions
      for (const { issue, stance } of positions) said.push({ ...row, statement, holder, issue, stance });
    }
  }
  return withoutRepeats(said);
}

/** Rows that name no statement, with the names that can only be meant. */
function withNames(original, rows, known) {
  const columns = ["holder", "issue", "stance"].filter((column) => column in rows[0]);
  const shown = (row) => JSON.stringify(columns.map((column) => row[column]));
  const like = (row) => original.rows.filter((other) => shown(other) === shown(row));
  const meant = (row) => [...new Set(like(row).map((other) => other.statement))];
  const isSameSet = same([...new Set(rows.map(shown))].sort(), [...new Set(original.rows.map(shown))].sort());
  if (isSameSet) return rows.map((row) => ({ ...row, statement: meant(row) }));
  if (known.size > 1) throw new SheetError("whichStatement", { row: rows[0].place, column: "statement" });
  const holders = rows.map((row) => row.holder);
  const holder = holders.includes(original.rows[0].holder) ? original.rows[0].holder : holders[0];
  return rows.map((row) => (row.holder === holder ? { ...row, statement: [...known] } : row));
}

/** Rows that say the same once; those of a statement without a position only where it has none. */
function withoutRepeats(said) {
  const kept = new Map();
  for (const row of said) {
    const key = JSON.stringify([row.statement, row.issue]);
    const like = said.find((other) => other.statement === row.statement);
    const column = ["holder", "stance"].find((name) => row[name] !== (name === "holder" ? like : kept.get(key) ?? row)[name]);
    if (column) throw new SheetError("notAgreed", { row: row.place, column, value: row[column] });
    if (row.issue || !said.some((other) => other.statement === row.statement && other.issue)) kept.set(key, row);
  }
  return [...kept.values()];
}

/** The rows in the places of those found that they are about; what is left stands after them, as added. */
function aligned(original, said) {
  const left = [...said];
  const take = (isMeant) => {
    const at = left.findIndex(isMeant);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const exact = original.rows.map((row) => take((other) => other.statement === row.statement && other.issue === row.issue));
  const taken = original.rows.map((row, at) => exact[at] ?? take((other) => other.statement === row.statement));
  const told = (row, like) => ({
    ...like, statement: row.statement, holder: row.holder, actor: row.actor ?? like.actor, issue: row.issue,
    stance: row.stance, decided: row.decided, note: row.note ?? "",
  });
  const isIn = (quote) => Boolean(quote) && original.text.includes(quote);
  return [
    ...original.rows.map((row, at) => (taken[at] ? told(taken[at], row) : { ...row, removed: true })),
    ...left.map((row) => ({
      ...told(row, { ...original.rows[0], actor: [], rule_id: "", certainty: "", second_opinion: "" }),
      quote: isIn(row.quote) ? row.quote : original.text, added: true,
    })),
  ];
}
