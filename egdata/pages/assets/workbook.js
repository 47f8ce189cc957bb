/** Excel workbooks, which are zipped XML: coding sheets as egdata in Python reads and writes them, with lists of codes. */

import { recordsOf, SheetError } from "./sheet.js";

const WRITTEN = "written"; // the hidden sheet that keeps which sentences a workbook was written with
const ROOM = 1000; // rows that a person may add
const [LONG, WIDE, NARROW] = [30, 60, 16]; // characters: a column with a longer text in it is wide
const NO_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
const FORMATS = "http://schemas.openxmlformats.org";
const STYLES = `<styleSheet xmlns="${FORMATS}/spreadsheetml/2006/main"><fonts count="2"><font/><font><b/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>
<xf fontId="1" applyFont="1"/><xf quotePrefix="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

export const isZipped = (bytes) => bytes[0] === 0x50 && bytes[1] === 0x4b; // PK

// ---- reading --------------------------------------------------------------------------------------------------------

/** The rows of the first sheet, every cell as text, and the sentences that the workbook was written with. */
export async function readWorkbook(bytes) {
  try {
    const files = filesIn(bytes);
    const xml = async (name) => new DOMParser().parseFromString(await textIn(files.get(name)), "application/xml");
    const links = elements(await xml("xl/_rels/workbook.xml.rels"), "Relationship");
    const paths = new Map(links.map((link) => [link.getAttribute("Id"), link.getAttribute("Target")]));
    const shared = files.has("xl/sharedStrings.xml") ? elements(await xml("xl/sharedStrings.xml"), "si").map(textOfRuns) : [];
    const rows = async (sheet) => {
      const path = paths.get([...sheet.attributes].find((attribute) => attribute.localName === "id").value);
      return rowsIn(await xml(path.startsWith("/") ? path.slice(1) : `xl/${path}`), shared);
    };
    const sheets = elements(await xml("xl/workbook.xml"), "sheet");
    const written = sheets.find((sheet) => sheet.getAttribute("name") === WRITTEN);
    return { rows: await rows(sheets[0]), written: written ? recordsOf(await rows(written)) : [] };
  } catch { // whatever is wrong in it
    throw new SheetError("noWorkbook");
  }
}

const elements = (node, name) => [...node.getElementsByTagNameNS("*", name)];

/** The text of a string without the sounds of its characters, which East Asian workbooks keep beside it. */
const textOfRuns = (node) => elements(node, "t").filter((text) => text.parentNode.localName !== "rPh")
  .map((text) => text.textContent).join("");

function rowsIn(sheet, shared) {
  const rows = [];
  for (const row of elements(sheet, "row")) {
    const cells = [];
    for (const cell of elements(row, "c")) cells[placeOf(cell.getAttribute("r"))] = valueIn(cell, shared);
    rows[row.getAttribute("r") - 1] = Array.from(cells, (cell) => cell ?? "");
  }
  return Array.from(rows, (cells) => cells ?? []);
}

/** The number of a column from the address of a cell, `AB12`. */
const placeOf = (address) => [...address.replace(/\d+$/, "")].reduce((place, letter) => place * 26 + letter.charCodeAt() - 64, 0) - 1;

function valueIn(cell, shared) {
  const type = cell.getAttribute("t");
  if (type === "inlineStr") return textOfRuns(cell);
  const value = elements(cell, "v")[0]?.textContent ?? "";
  if (type === "s") return shared[value] ?? "";
  return value && (!type || type === "n") ? String(Number(value)) : value;
}

/** Name → bytes of a zipped file, as they are packed. */
function filesIn(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [short, long] = [(at) => view.getUint16(at, true), (at) => view.getUint32(at, true)];
  let end = bytes.length - 22;
  while (long(end) !== 0x06054b50) end -= 1; // a comment may follow
  const files = new Map();
  let at = long(end + 16);
  for (let left = short(end + 10); left > 0; left -= 1) {
    const start = long(at + 42);
    const begin = start + 30 + short(start + 26) + short(start + 28);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + short(at + 28)));
    files.set(name, { isPacked: short(at + 10) === 8, bytes: bytes.subarray(begin, begin + long(at + 20)) });
    at += 46 + short(at + 28) + short(at + 30) + short(at + 32);
  }
  return files;
}

function textIn({ isPacked, bytes }) {
  const stream = new Blob([bytes]).stream();
  return new Response(isPacked ? stream.pipeThrough(new DecompressionStream("deflate-raw")) : stream).text();
}

// ---- writing --------------------------------------------------------------------------------------------------------

/**
 * Rows as a workbook, the first of them its header. `lists` has the codes of columns, `[code, label, …]` each; `free`
 * are columns that may have several. A hidden sheet keeps the first column, so that a row that is taken away is known.
 */
export function writeWorkbook(rows, lists, free) {
  const codes = Object.entries(lists).flatMap(([column, list]) => list.map((code) => [column, ...code]));
  const places = (column) => codes.flatMap(([of], at) => (of === column ? [at + 2] : []));
  const choices = Object.keys(lists).map((column) => {
    const letter = letterOf(rows[0].indexOf(column));
    return `<dataValidation type="list" allowBlank="1" showErrorMessage="${free.includes(column) ? 0 : 1}" sqref="${letter}2:${letter}${rows.length + ROOM}">`
      + `<formula1>codes!$B$${places(column)[0]}:$B$${places(column).at(-1)}</formula1></dataValidation>`;
  });
  const sids = [...new Set(rows.slice(1).map(([sid]) => sid))];
  const sheets = {
    coding: sheetXml(rows, `<dataValidations count="${choices.length}">${choices.join("")}</dataValidations>`),
    codes: sheetXml([["table", "id", "label_en", "label_zh", "definition"], ...codes]),
    [WRITTEN]: sheetXml([["sid"], ...sids.map((sid) => [sid])]),
  };
  const [names, open] = [Object.keys(sheets), `xmlns="${FORMATS}/package/2006`];
  const office = `${FORMATS}/officeDocument/2006/relationships`;
  const link = (id, type, target) => `<Relationship Id="r${id}" Type="${office}/${type}" Target="${target}"/>`;
  const part = (path, type) => `<Override PartName="/xl/${path}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`;
  return zipOf({
    "[Content_Types].xml": `<Types ${open}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`
      + `${part("workbook.xml", "sheet.main")}${part("styles.xml", "styles")}${names.map((name) => part(`${name}.xml`, "worksheet")).join("")}</Types>`,
    "_rels/.rels": `<Relationships ${open}/relationships">${link(0, "officeDocument", "xl/workbook.xml")}</Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="${FORMATS}/spreadsheetml/2006/main" xmlns:r="${office}"><sheets>${names.map((name, at) =>
      `<sheet name="${name}" sheetId="${at + 1}" r:id="r${at}"${name === WRITTEN ? ' state="hidden"' : ""}/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships ${open}/relationships">${names.map((name, at) =>
      link(at, "worksheet", `${name}.xml`)).join("")}${link(names.length, "styles", "styles.xml")}</Relationships>`,
    "xl/styles.xml": STYLES,
    ...Object.fromEntries(names.map((name) => [`xl/${name}.xml`, sheets[name]])),
  });
}

const letterOf = (place) => String.fromCharCode(65 + place); // of the first 26
const escaped = (text) => text.replace(NO_XML, "\ufffd").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function sheetXml(rows, rest = "") {
  const widths = rows[0].map((_, at) => (rows.some((cells, row) => row > 0 && cells[at].length > LONG) ? WIDE : NARROW));
  const cell = (text, row, at) => `<c r="${letterOf(at)}${row + 1}" s="${row ? 2 : 1}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
  return `<worksheet xmlns="${FORMATS}/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">`
    + '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>'
    + `<cols>${widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`).join("")}</cols>`
    + `<sheetData>${rows.map((cells, row) => `<row r="${row + 1}">${cells.map((text, at) => cell(text, row, at)).join("")}</row>`).join("")}</sheetData>`
    + `${rest}</worksheet>`;
}

/** Name → text as an archive, not packed: the same bytes on every day. */
function zipOf(files) {
  const [parts, index] = [[], []];
  let start = 0;
  for (const [name, text] of Object.entries(files)) {
    const [label, bytes] = [name, text].map((part) => new TextEncoder().encode(part));
    const about = [[2, 20], [2, 0], [2, 0], [2, 0], [2, 0x21], [4, checksum(bytes)], [4, bytes.length], [4, bytes.length], [2, label.length]];
    const head = packed([4, 0x04034b50], ...about, [2, 0]);
    parts.push(head, label, bytes);
    index.push(packed([4, 0x02014b50], [2, 20], ...about, [4, 0], [4, 0], [4, 0], [4, start]), label);
    start += head.length + label.length + bytes.length;
  }
  const size = index.reduce((sum, bytes) => sum + bytes.length, 0);
  const n = index.length / 2;
  return joined([...parts, ...index, packed([4, 0x06054b50], [4, 0], [2, n], [2, n], [4, size], [4, start], [2, 0])]);
}

/** Numbers as bytes, the lowest first: `[width, value]` each. */
const packed = (...numbers) => Uint8Array.from(numbers.flatMap(([width, value]) =>
  Array.from({ length: width }, (_, at) => (value >>> (8 * at)) & 255)));

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, bytes) => sum + bytes.length, 0));
  let at = 0;
  for (const bytes of parts) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32, by which an archive is checked. */
const checksum = (bytes) => bytes.reduce((sum, byte) => (sum >>> 8) ^ REMAINDERS[(sum ^ byte) & 255], -1) ^ -1;
