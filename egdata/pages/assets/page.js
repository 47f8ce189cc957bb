/** The reader as a whole: what is chosen, filtered and shown, and what mouse, keys, files and other windows do to it. */

import { fillWith, make, select } from "./dom.js";
import { Editor, MARKS, SIGNS } from "./editor.js";
import { FACETS, Queue } from "./queue.js";
import { Review } from "./review.js";
import { isLive, isPosition, same, withAdded, withNote, withRight, withSide, withValue, withoutRow } from "./sentences.js";
import { ownRows, readCsv, readSheet, recordsOf, SheetError, sheetRows, writeCsv } from "./sheet.js";
import { isZipped, readWorkbook, writeWorkbook } from "./workbook.js";

const SORTS = ["worth", "text", "issue", "stance", "holder", "actor", "certainty", "coder", "decided"];
const SHEET_TYPES = { ".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };
const FIELD_KEYS = { h: "holder", a: "actor", i: "issue", m: "modality", e: "instruments", t: "themes", c: "note", d: "others" };

export class Page {
  /**
   * `root` holds the elements of the page, `data` what egdata found, `store` keeps the edits. `address` is where filters
   * stand (the location of a page of its own), and `keys` what hears the keys. A store may keep the sheet as well.
   */
  constructor(root, data, { store, keys, address = null }) {
    Object.assign(this, { root, data, store, address, codes: data.codes, lang: data.lang, mentions: data.mentions });
    this.get = (id) => root.getElementById(id);
    this.all = (selector) => [...root.querySelectorAll(selector)];
    this.frame = this.get("reader");
    this.textLang = root.querySelector("article").lang;
    this.statements = new Map(data.statements.map((statement) => [statement.statement_id, statement]));
    this.review = new Review(data.sentences, store);
    this.queue = new Queue(data, this.review);
    this.editor = new Editor(this);
    this.chosen = null; // the entry whose codes are shown, by sentence and place in it
    this.place = -1; // where it stands in the queue
    this.filter = this.#noFilter();
    this.sort = "worth";
    this.items = new WeakMap(); // entry → its element in the queue
    this.drawn = new Map(); // what the lists of the filters show
    this.marked = null; // words that are marked in the text
    this.file = null; // where the sheet is saved, and what it held then
    this.message = { key: "", detail: "" };
    this.isPressed = this.isLeaving = this.isLate = false; // whether drawing waits for the mouse or the focus, and is due
    this.#collect();
    this.#listen(keys);
    this.recall();
    this.drawWords();
    this.#start();
  }

  word = (key) => this.data.words[this.lang][key];

  label = (facet, code) => {
    const labels = [this.codes[facet], this.data.entities].find((table) => table && Object.hasOwn(table, code));
    return labels ? labels[code][this.lang] : code;
  };

  /** A citation as it is read in the language of the page; what is copied keeps its usual form. */
  cited = (citation) => (this.lang !== "zh" ? citation
    : citation.replace(/, footnote (\S+)$/, "，脚注$1").replace(/, para\. ([^，]+)/, "，第$1段"));

  /** `offer` is a word, and what is done when it is chosen. */
  say(key, detail = "", offer = null) {
    this.message = { key, detail, offer };
    this.drawn.delete("message"); // the same may be said again
    this.#drawMessage();
  }

  #drawMessage() {
    const { key, detail, offer } = this.message;
    const said = key && `${this.word(key)} ${detail}`;
    this.isLate ||= this.isHeld;
    if (this.isHeld || this.drawn.get("message") === said) return;
    this.drawn.set("message", said);
    fillWith(this.get("message"), said && make("span", { text: said }),
      offer && make("button", { type: "button", text: this.word(offer.word), onclick: offer.act }));
  }

  // ---- the text -----------------------------------------------------------------------------------------------------

  /** Which elements show which statements: holders who join another share its words. */
  #collect() {
    this.spans = new Map(this.all(".statement").map((element) => element.dataset.statement).map((number) =>
      [Number(number), this.all(`.statement[data-statement="${number}"]`)]));
    this.alike = new Map([...this.spans.keys()].map((number) => [number, []]));
    for (const statement of this.data.statements) this.alike.get(statement.shown_at)?.push(statement);
    for (const mention of this.all(".mention").filter((mark) => !mark.closest(".statement"))) {
      mention.setAttribute("role", "button");
      mention.tabIndex = 0;
    }
  }

  /** The elements of a row: its statement's; those of its sentence where a person added the statement. */
  elementsOf(row) {
    const sid = row.statement.slice(0, row.statement.lastIndexOf("/"));
    const statement = this.statements.get(row.statement) ?? this.data.statements.find((other) => other.sid === sid);
    return this.spans.get(statement?.shown_at) ?? [];
  }

  /** Stances, decisions and underlines in the text. */
  #drawMarks(shown) {
    const rows = new Map();
    for (const entry of this.queue.entries) {
      if (!rows.has(entry.row.statement)) rows.set(entry.row.statement, []);
      rows.get(entry.row.statement).push(entry);
    }
    const hits = new Set(shown.map((entry) => entry.row.statement));
    for (const [number, statements] of this.alike) {
      const entries = statements.flatMap((statement) => rows.get(statement.statement_id) ?? []);
      const stances = [...new Set(entries.filter(({ row }) => isLive(row) && isPosition(row)).map(({ row }) => row.stance))];
      const isHeld = statements.some((told) => told.holder_quote) || entries.some(({ row }) => row.holder !== "unattributed");
      const style = stances.length > 1 ? "several" : stances[0] ?? (isHeld ? "has-holder" : "");
      const decisions = entries.map((entry) => entry.decided);
      const decision = ["changed", "open"].find((kind) => decisions.includes(kind)) ?? "right";
      this.#drawSpans(this.spans.get(number), { style, stances, decision, isHit: statements.some((told) => hits.has(told.statement_id)) });
    }
    for (const unit of this.all(".unit")) unit.classList.toggle("has-hit", Boolean(unit.querySelector(".is-hit")));
  }

  #drawSpans(elements, { style, stances, decision, isHit }) {
    const drawn = JSON.stringify([style, stances, decision]);
    for (const element of elements) {
      element.classList.toggle("is-hit", isHit);
      if (element.dataset.drawn === drawn) continue;
      element.classList.remove("several", "has-holder", ...Object.keys(this.codes.stance));
      if (style) element.classList.add(style);
      element.dataset.drawn = drawn;
      for (const sign of element.querySelectorAll(".sign")) sign.remove();
      if (element !== elements.at(-1)) continue;
      element.append(...stances.map((stance) => make("span", { class: `sign ${stance}`, "aria-hidden": "true", text: SIGNS[stance] ?? "" })));
      if (decision !== "open") element.append(make("span", { class: `sign ${decision}`, "aria-hidden": "true", text: MARKS[decision] }));
    }
  }

  // ---- filters, queue and matrix ------------------------------------------------------------------------------------

  #noFilter() {
    return { codes: Object.fromEntries(FACETS.map((facet) => [facet, new Set()])), text: "" };
  }

  get isFiltered() {
    return Boolean(this.filter.text) || FACETS.some((facet) => this.filter.codes[facet].size);
  }

  /** The codes of a facet that occur or are given, in the order of the codebook. */
  #codesOf(facet, given = []) {
    const present = new Set([...this.queue.entries.flatMap((entry) => entry.codes[facet]), ...given]);
    const known = Object.keys(this.codes[facet] ?? {});
    return [...known.filter((code) => present.has(code)), ...[...present].filter((code) => !known.includes(code))];
  }

  /**
   * What the mouse was pressed on must still be there when it is released, or there is no click, and what the focus goes
   * to when it arrives: a field that is left has changed before.
   */
  get isHeld() {
    return this.isPressed || this.isLeaving;
  }

  /** Everything that follows from filters and edits. */
  draw() {
    this.isLate = this.isHeld;
    if (!this.isLate) this.#keepingFocus(() => this.#drawAll());
  }

  /** What has the focus may be gone then, or have nothing to do: the focus stays in the page, where keys are heard. */
  #keepingFocus(draw) {
    const { frame, root } = this;
    const hadFocus = frame.contains(root.activeElement);
    draw();
    const hasFocus = frame.contains(root.activeElement) && !root.activeElement.disabled;
    if (hadFocus && !hasFocus) this.get("evidence").focus({ preventScroll: true });
  }

  #drawAll() {
    this.#drawMessage();
    const shown = this.queue.shown(this.filter);
    this.ordered = this.queue.sorted(shown, this.sort, SORTS.indexOf(this.sort) > 1 ? this.#codesOf(this.sort) : null);
    const statements = new Set(shown.map((entry) => entry.row.statement));
    this.get("n-shown").textContent = statements.size;
    this.get("n-all").textContent = new Set(this.queue.entries.map((entry) => entry.row.statement)).size;
    this.get("nothing").hidden = shown.length > 0;
    if (this.root.activeElement !== this.get("search")) this.get("search").value = this.filter.text;
    for (const facet of FACETS) this.#drawFacet(facet);
    this.frame.classList.toggle("is-filtered", this.isFiltered);
    this.frame.classList.toggle("only", this.get("only").checked && this.isFiltered);
    this.#drawMarks(shown);
    this.#drawMatrix(new Set(shown.map((entry) => entry.key)));
    this.#drawQueue();
    this.drawChosen();
  }

  #drawFacet(facet) {
    const list = this.root.querySelector(`[data-facet="${facet}"]`);
    const counts = this.queue.counts(facet, this.filter);
    const codes = this.#codesOf(facet, this.filter.codes[facet]); // one that is asked for stays until it is not
    const shown = JSON.stringify([codes, [...counts], [...this.filter.codes[facet]]]);
    if (this.drawn.get(facet) === shown) return;
    this.drawn.set(facet, shown);
    const focused = list.contains(this.root.activeElement) ? this.root.activeElement.value : null;
    list.closest("details").hidden = !codes.length;
    fillWith(list, ...codes.map((code) => {
      const box = make("input", { type: "checkbox", value: code, onchange: () => this.#toggle(facet, code) });
      box.checked = this.filter.codes[facet].has(code);
      const n = counts.get(code) ?? 0;
      return make("li", { class: n ? null : "is-empty" }, make("label", { title: this.codes[facet]?.[code]?.definition || null },
        box, make("span", { text: this.label(facet, code) }), make("span", { class: "n", text: n })));
    }));
    if (focused === null) return;
    const boxes = [...list.querySelectorAll("input")];
    (boxes.find((box) => box.value === focused) ?? boxes[0])?.focus();
  }

  #toggle(facet, code) {
    if (!this.filter.codes[facet].delete(code)) this.filter.codes[facet].add(code);
    this.#remember();
  }

  /** To the filters by what coders say and what is decided, the first of those that there are. */
  #toFilters() {
    this.get("filters-box").open = true;
    const boxes = FACETS.slice(FACETS.indexOf("opinion")).map((facet) => this.root.querySelector(`[data-facet="${facet}"]`));
    const box = boxes.find((filled) => filled.children.length);
    box.closest("details").open = true;
    box.querySelector("input").focus();
  }

  #setFilter(filter) {
    this.filter = filter;
    this.#remember();
  }

  /** Put the filters into the address, so that they can be shared and the back button undoes them. */
  #remember() {
    if (this.address) {
      const query = new URLSearchParams();
      for (const facet of FACETS) for (const code of this.filter.codes[facet]) query.append(facet, code);
      if (this.filter.text) query.append("text", this.filter.text);
      const wanted = query.size ? `#?${query}` : "#?";
      if (this.address.hash !== wanted && (wanted !== "#?" || this.address.hash)) this.address.hash = wanted;
    }
    this.#afterFilter();
  }

  recall() {
    const hash = this.address?.hash ?? "";
    if (hash && !hash.startsWith("#?")) return;
    const query = new URLSearchParams(hash.slice(2));
    this.filter = this.#noFilter();
    for (const facet of FACETS) for (const code of query.getAll(facet)) this.filter.codes[facet].add(code);
    this.filter.text = query.get("text") ?? "";
    this.#afterFilter();
  }

  #afterFilter() {
    const entry = this.#entry();
    if (entry && !this.queue.shown(this.filter).some(({ key }) => key === entry.key)) this.choose(null);
    this.draw();
  }

  #drawMatrix(shown) {
    const cells = new Map();
    for (const entry of this.queue.entries.filter(({ row }) => isLive(row) && isPosition(row))) {
      const key = `${entry.row.issue}|${entry.row.stance}|${entry.row.holder}`;
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(entry);
    }
    const drawn = JSON.stringify([...cells].map(([key, entries]) => [key, entries.map((entry) => [entry.row.statement, shown.has(entry.key)])]));
    if (this.drawn.get("matrix") === drawn) return;
    this.drawn.set("matrix", drawn);
    const [issues, stances, holders] = ["issue", "stance", "holder"].map((facet) => this.#codesOf(facet));
    const titles = stances.map((stance) => `${SIGNS[stance] ?? ""} ${this.label("stance", stance)}`);
    const head = make("tr", {}, make("th", { scope: "col", text: this.word("issue") }),
      ...titles.map((text) => make("th", { scope: "col", text })));
    const rows = issues.map((issue) => make("tr", {}, make("th", { scope: "row", text: this.label("issue", issue) }),
      ...stances.map((stance, at) => make("td", { "data-label": titles[at] },
        ...holders.map((holder) => this.#cell(issue, stance, holder, cells, shown))))));
    fillWith(this.get("matrix"), make("thead", {}, head), make("tbody", {}, ...rows));
    this.get("matrix-box").hidden = !issues.length;
  }

  #cell(issue, stance, holder, cells, shown) {
    const key = `${issue}|${stance}|${holder}`;
    const entries = cells.get(key);
    if (!entries) return null;
    const n = new Set(entries.map((entry) => entry.row.statement)).size;
    const isGone = !entries.some((entry) => shown.has(entry.key));
    return make("button", {
      type: "button", class: `${stance}${isGone ? " is-gone" : ""}`, text: `${this.label("holder", holder)} ${n}`, "data-cell": key,
      "aria-label": `${this.label("issue", issue)}: ${this.label("stance", stance)}, ${this.label("holder", holder)}, ${n}`,
      onclick: () => {
        const { codes } = this.#noFilter();
        this.#setFilter({ codes: { ...codes, issue: new Set([issue]), stance: new Set([stance]), holder: new Set([holder]) }, text: "" });
        this.choose(entries[0], true);
      },
    });
  }

  #drawQueue() {
    const open = this.ordered.filter((entry) => entry.decided === "open").length;
    const all = this.queue.entries;
    const decided = all.filter((entry) => entry.decided !== "open").length;
    Object.assign(this.get("progress"), { max: Math.max(all.length, 1), value: decided });
    this.get("n-decided").textContent = `${decided} ${this.word("of")} ${all.length}`;
    Object.assign(this.get("accept-all"), { disabled: !open, textContent: `${this.word("acceptAll")} (${open})` });
    this.get("undo").disabled = !this.review.canUndo;
    this.get("redo").disabled = !this.review.canRedo;
    this.#drawItems(this.get("queue"), this.ordered.map((entry) => this.#item(entry)));
  }

  /** The items of the queue; those of entries that are as they were stay the elements that they are. */
  #drawItems(list, items) {
    const fresh = items.filter((item) => !item.isConnected);
    const isInPlace = items.length === list.children.length
      && items.every((item, at) => item === list.children[at] || !item.isConnected);
    if (!isInPlace || fresh.length > 9) fillWith(list, ...items);
    else for (const item of fresh) list.children[items.indexOf(item)].replaceWith(item);
  }

  #item(entry) {
    if (!this.items.has(entry)) {
      const { sid, row, key, decided } = entry;
      const position = isPosition(row) ? `${SIGNS[row.stance] ?? ""} ${this.label("issue", row.issue)}` : "–";
      this.items.set(entry, make("li", {}, make("button", { type: "button", class: row.removed ? "is-removed" : null,
        "data-entry": key, tabindex: -1, onclick: () => this.choose(entry, true) },
      make("span", { class: "mark", text: MARKS[decided] }), make("span", { text: `${sid} ${position}` }))));
    }
    return this.items.get(entry);
  }

  // ---- choosing -----------------------------------------------------------------------------------------------------

  /** The chosen entry; the first of its sentence where one that was added is gone. */
  #entry() {
    if (!this.chosen?.sid) return null;
    const entries = this.queue.of(this.review.sentence(this.chosen.sid));
    return entries.find((entry) => entry.at === this.chosen.at) ?? entries[0];
  }

  /** Show an entry, or nothing; `isJump` brings it into sight and puts the focus on it. */
  choose(entry, isJump = false) {
    this.#turnTo(entry);
    this.#keepingFocus(() => this.drawChosen());
    this.#reveal(isJump ? entry : null);
  }

  #turnTo(entry) {
    if (entry?.sid !== this.marked?.sid) this.marked = null;
    this.chosen = entry && { sid: entry.sid, at: entry.at };
  }

  /** Scroll to the codes of what is chosen, and to an entry. It measures the page, so that nothing is drawn after it. */
  #reveal(entry) {
    this.get("evidence").scrollTop = 0;
    if (!entry) return;
    const [element] = this.elementsOf(entry.row);
    element?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
  }

  chooseStatement(id) {
    const sid = id.slice(0, id.lastIndexOf("/"));
    this.choose(this.queue.of(this.review.sentence(sid)).find((entry) => entry.row.statement === id), true);
  }

  #chooseMention(element) {
    this.choose(null);
    this.chosen = { mention: element };
    element.classList.add("is-chosen");
    this.#showChoice(true);
    this.editor.drawMention(this.mentions[element.dataset.mention]);
  }

  #showChoice(isChoice) {
    this.frame.classList.toggle("has-choice", isChoice);
    this.get("close").hidden = !isChoice;
  }

  drawChosen() {
    if (this.chosen?.mention) return;
    for (const element of this.all(".is-chosen")) element.classList.remove("is-chosen");
    for (const button of this.all("#queue [aria-current]")) button.removeAttribute("aria-current");
    const entry = this.#entry();
    this.#showChoice(Boolean(entry));
    for (const id of ["accept", "away"]) this.get(id).disabled = !entry;
    this.get("mark").disabled = !entry && !this.marked;
    this.get("said").textContent = entry ? `${this.editor.said(entry.row)} ${this.label("decided", entry.decided)}` : "";
    if (!entry) {
      this.editor.drawNothing();
      this.get("place").textContent = "";
      return;
    }
    for (const element of this.elementsOf(entry.row)) element.classList.add("is-chosen");
    const place = this.ordered.findIndex((other) => other.key === entry.key);
    if (place >= 0) this.place = place;
    this.get("place").textContent = place < 0 ? "" : `${place + 1} ${this.word("of")} ${this.ordered.length}`;
    this.editor.draw(entry);
    const button = this.root.querySelector(`#queue [data-entry="${CSS.escape(entry.key)}"]`);
    button?.setAttribute("aria-current", "true");
    if (button) this.get("queue").scrollTop = button.parentElement.offsetTop - this.get("queue").clientHeight / 2;
  }

  /** The entry so many places on from the chosen one; where that has left the queue, its place counts. */
  #next(by) {
    const n = this.ordered.length;
    const entry = this.#entry();
    if (!entry) return this.ordered.at(by > 0 ? 0 : -1);
    const isThere = this.ordered.some((other) => other.key === entry.key);
    const place = this.place + (by > 0 && !isThere ? by - 1 : by);
    return this.ordered[((place % n) + n) % n];
  }

  step(by) {
    if (this.ordered.length) this.choose(this.#next(by), true);
  }

  // ---- editing ------------------------------------------------------------------------------------------------------

  #edit(sids, change, next = null) {
    const { clashes } = this.review.edit(sids, change);
    this.#afterEdit(clashes, next);
  }

  /** Draw what has changed, once; `next` is the entry to go on to. */
  #afterEdit(clashes, next = null) {
    if (clashes.length) this.say("clash", clashes.join(", "));
    else if (this.store.isKept && !this.store.isKept()) this.say("notKept");
    else if (!this.isLate) this.message = { key: "", detail: "" }; // or it has not been seen
    this.store.keep?.(writeCsv(this.#rows));
    if (next) this.#turnTo(next);
    this.draw();
    if (next) this.#reveal(next);
  }

  #editChosen(change) {
    const entry = this.#entry();
    if (entry) this.#edit([entry.sid], (sentence) => change(sentence, entry.at));
  }

  set(field, value) {
    this.#editChosen((sentence, at) => withValue(sentence, at, field, value));
    const row = this.#entry()?.row;
    if (row && field === "stance" && !row.issue) this.editor.focus("issue");
  }

  note(text) {
    this.#editChosen((sentence, at) => withNote(sentence, at, text));
  }

  /** The chosen row is right as it is; on to the next. */
  accept() {
    const entry = this.#entry();
    if (!entry) return this.step(1);
    return this.#edit([entry.sid], (sentence) => withRight(sentence, entry.at), this.#next(1));
  }

  acceptAll() {
    const shown = this.ordered.filter((entry) => entry.decided === "open");
    const places = new Map();
    for (const { sid, at } of shown) places.set(sid, [...(places.get(sid) ?? []), at]);
    this.#edit([...places.keys()], (sentence) => places.get(sentence.sid).reduce(withRight, sentence));
    this.say("accepted", shown.length);
  }

  takeAway() {
    const original = this.review.originals.get(this.chosen?.sid);
    this.#editChosen((sentence, at) => withoutRow(sentence, at, original.rows[at]));
  }

  /** A position more in the chosen sentence: of the same holder, or of another. */
  add(quote, ofItsOwn) {
    const entry = this.#entry();
    this.#edit([entry.sid], (sentence) => withAdded(sentence, entry.at, quote || entry.row.quote, ofItsOwn));
    this.choose({ ...entry, at: this.review.sentence(entry.sid).rows.length - 1 });
    this.editor.focus(ofItsOwn ? "holder" : "issue");
  }

  /** What another coder has on an issue, in these statements or everywhere. */
  takeSide(coder, issue, statements = null) {
    const rows = this.review.sentences.flatMap((sentence) => sentence.rows.map((row) => [sentence.sid, row.statement]));
    const meant = rows.filter(([, id]) => (statements ? statements.includes(id) : true) && this.queue.saidBy(coder, id));
    const ids = new Map();
    for (const [sid, id] of meant) ids.set(sid, new Set([...(ids.get(sid) ?? []), id]));
    this.#edit([...ids.keys()], (sentence) => [...ids.get(sentence.sid)].reduce((changed, id) => {
      const sided = withSide(changed, id, issue, this.queue.saidBy(coder, id)[issue]);
      return sided.rows.reduce((kept, row, at) => (row.statement === id && row.issue === issue ? withRight(kept, at) : kept), sided);
    }, sentence));
  }

  undo(isForth = false) {
    const before = this.review.sentences;
    const { sids, clashes } = isForth ? this.review.redo() : this.review.undo();
    const isElsewhere = sids.length && !sids.includes(this.chosen?.sid);
    this.#afterEdit(clashes, isElsewhere ? this.#changedEntry(before.find(({ sid }) => sid === sids[0])) : null);
  }

  /** The first entry of a sentence that differs from what it was. */
  #changedEntry({ sid, rows }) {
    const entries = this.queue.of(this.review.sentence(sid));
    return entries.find(({ row, at }) => !same(row, rows[at])) ?? entries[0];
  }

  focusText() {
    const entry = this.#entry();
    if (entry) this.elementsOf(entry.row)[0]?.focus({ preventScroll: true });
  }

  /** Open the field for marking words, with those that are marked in the text. */
  mark() {
    const { sid, quote } = this.marked ?? {};
    if (sid) {
      const holds = (entry) => entry?.sid === sid && entry.words.includes(quote.toLowerCase());
      const entries = this.queue.of(this.review.sentence(sid));
      if (!holds(this.#entry())) this.choose(entries.find(holds) ?? entries[0]);
    }
    const entry = this.#entry();
    if (entry) this.editor.mark(quote ?? entry.row.quote);
  }

  /** The words that are marked in the text, as far as they are of one sentence: the first that has any. */
  #hearMarked() {
    const range = this.#marking();
    if (!range) return;
    const elements = this.all(".statement").filter((element) => range.intersectsNode(element));
    const sidOf = (element) => this.alike.get(Number(element.dataset.statement))[0].sid;
    const marks = [...new Set(elements.map(sidOf))].map((sid) =>
      ({ sid, quote: wordsIn(range, elements.filter((element) => sidOf(element) === sid)) }));
    this.marked = marks.find(({ sid, quote }) => quote && this.review.sentence(sid).text.includes(quote)) ?? null;
    this.get("mark").disabled = !this.marked && !this.#entry();
  }

  /** What is marked in the text, if anything is. */
  #marking() {
    const selection = (this.root.getSelection ? this.root : document).getSelection();
    const range = selection?.rangeCount && !selection.isCollapsed && selection.getRangeAt(0);
    return range && this.root.querySelector("article").contains(range.commonAncestorContainer) ? range : null;
  }

  // ---- sheets -------------------------------------------------------------------------------------------------------

  get #rows() {
    return sheetRows(this.review.sentences, this.review.originals);
  }

  /** The sheet as the ending of a file says: its text, or the bytes of a workbook. */
  #sheetFor(name) {
    if (!name.endsWith(".xlsx")) return new TextEncoder().encode(writeCsv(this.#rows));
    const lists = Object.entries(this.sheetCodes).map(([column, codes]) =>
      [column, Object.entries(codes).map(([code, { en, zh, definition }]) => [code, en, zh, definition])]);
    return writeWorkbook(this.#rows, Object.fromEntries(lists), ["instruments", "themes"]);
  }

  /** Go on with a sheet: sentences that it has are as it says, the others as they were found. */
  async openSheet(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    try {
      const { rows, written } = isZipped(bytes) ? await readWorkbook(bytes) : { rows: readCsv(bytes), written: [] };
      const [own, sids] = [recordsOf(rows), written].map((all) => ownRows(all, this.data.report_id));
      this.#takeSheet(readSheet(own, this.review.originals, this.sheetCodes, sids.map(({ sid }) => sid)));
    } catch (error) {
      if (!(error instanceof SheetError)) throw error;
      const place = error.row ? `${this.word("row")} ${error.row}, ${this.word("column")} ${error.column}` : "";
      this.say(error.reason, [place, error.value && `“${error.value}”`].filter(Boolean).join(": "));
    }
  }

  get sheetCodes() {
    const { holder, issue, stance, instrument, modality, theme } = this.codes;
    return { holder, issue, stance, modality, instruments: instrument, themes: theme };
  }

  #takeSheet(sentences) {
    const sids = new Set([...sentences.keys(), ...this.review.edits.keys()]);
    const before = this.review.edits.size;
    this.#edit([...sids], (sentence) => sentences.get(sentence.sid) ?? this.review.originals.get(sentence.sid));
    this.say(before ? "replaced" : "opened", this.get("n-decided").textContent);
  }

  /** The page may be made with a sheet; what this browser has kept since goes before it, and says so. */
  #start() {
    if (!this.data.sheet) return;
    const records = this.data.sheet.map((row, at) => ({ ...row, place: at + 2 }));
    const sentences = readSheet(records, this.review.originals, this.sheetCodes, this.data.written);
    if ([...sentences].every(([sid, sentence]) => same(this.review.sentence(sid), sentence))) return;
    if (!this.review.edits.size) {
      this.review.start(sentences);
      this.draw();
      return;
    }
    this.say("keptDiffers", "", { word: "useSheet", act: () => this.#takeSheet(sentences) });
  }

  download(ending) {
    const name = `${this.data.report_id}.sheet${ending}`;
    const address = URL.createObjectURL(new Blob([this.#sheetFor(name)], { type: SHEET_TYPES[ending] }));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    this.say("downloaded", name);
  }

  /** Write into a file that the person chooses once; not if something else has written to it since. */
  async save(isSure = false) {
    try {
      const types = Object.entries(SHEET_TYPES).map(([ending, type]) => ({ accept: { [type]: [ending] } }));
      const handle = this.file?.handle ?? await showSaveFilePicker({ suggestedName: `${this.data.report_id}.sheet.csv`, types });
      if (this.file && !isSure && !isSameBytes(await (await handle.getFile()).arrayBuffer(), this.file.content)) {
        this.say("changedOnDisk", "", { word: "saveAnyway", act: () => this.save(true) });
        return;
      }
      const content = this.#sheetFor(handle.name);
      const writable = await handle.createWritable();
      await writable.write(content);
      await writable.close();
      this.file = { handle, content };
      this.say("saved", handle.name);
    } catch (error) {
      if (error.name !== "AbortError") this.say("notSaved", error.message);
    }
  }

  // ---- words of the page --------------------------------------------------------------------------------------------

  drawWords() {
    this.frame.lang = this.lang === "zh" ? "zh-Hans" : "en";
    if (this.address) document.documentElement.lang = this.frame.lang;
    for (const element of this.all("[data-word]")) element.textContent = this.word(element.dataset.word);
    for (const element of this.all("[data-title]")) element.title = this.word(element.dataset.title);
    const underlines = Object.keys(this.codes.stance).map((code) => [code, this.label("stance", code)]);
    fillWith(this.get("legend"), ...[...underlines, ["several", this.word("several")], ["unmarked", this.word("unmarked")]]
      .map(([code, text]) => make("li", {}, make("span", { class: code, text }))));
    this.items = new WeakMap();
    this.drawn.clear();
    this.get("switch").lang = this.lang === "zh" ? "en" : "zh-Hans";
    const sort = select(SORTS.map((by) => [by, this.word(by)]), this.sort, { id: "sort", onchange: (event) => {
      this.sort = event.target.value;
      this.draw();
    } });
    this.get("sort").replaceWith(sort);
    this.draw();
  }

  // ---- mouse, keys, files, other windows ----------------------------------------------------------------------------

  #listen(keys) {
    const { get } = this;
    const target = (event) => event.target.closest(".statement, .mention[role='button']");
    const article = this.root.querySelector("article");
    article.addEventListener("click", (event) => {
      if (event.target.closest("a")) return;
      if (!this.#marking()) this.marked = null;
      const element = target(event);
      if (element) this.#chooseElement(element);
    });
    keys.addEventListener("keydown", (event) => this.#press(event));
    document.addEventListener("selectionchange", () => this.#hearMarked());
    const clicks = {
      next: () => this.step(1), previous: () => this.step(-1), accept: () => this.accept(), away: () => this.takeAway(),
      mark: () => this.mark(), undo: () => this.undo(), redo: () => this.undo(true), "accept-all": () => this.acceptAll(),
      download: () => this.download(".csv"), "download-xlsx": () => this.download(".xlsx"), save: () => this.save(), open: () => get("file").click(), help: () => get("help-box").showModal(),
      "help-close": () => get("help-box").close(), clear: () => this.#setFilter(this.#noFilter()), close: () => this.#close(),
      switch: () => { this.lang = this.lang === "zh" ? "en" : "zh"; this.drawWords(); },
    };
    for (const [id, act] of Object.entries(clicks)) get(id).addEventListener("click", act);
    get("mark").addEventListener("pointerdown", (event) => event.preventDefault()); // which would unmark the words
    get("save").hidden = Boolean(this.store.keep) || typeof showSaveFilePicker !== "function";
    get("search").addEventListener("input", (event) => {
      this.filter.text = event.target.value;
      this.#afterFilter();
    });
    get("search").addEventListener("change", () => this.#remember());
    get("only").addEventListener("change", () => this.draw());
    get("file").addEventListener("change", async (event) => {
      const [file] = event.target.files;
      if (file) await this.openSheet(file);
      event.target.value = "";
    });
    this.frame.addEventListener("dragover", (event) => event.preventDefault());
    this.frame.addEventListener("drop", async (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer.files;
      if (file) await this.openSheet(file);
    });
    const drawLate = () => this.isLate && this.draw();
    this.frame.addEventListener("pointerdown", (event) => { // a select opens when it is pressed
      const pressed = event.target.closest("button, label, summary, a, input, select, .statement");
      this.isPressed = event.button === 0 && Boolean(pressed?.matches(":not(select)"));
    });
    const release = (event) => {
      if (event.buttons || !this.isPressed) return;
      this.isPressed = false;
      setTimeout(drawLate); // after the click
    };
    const ends = ["pointerup", "pointercancel", "pointermove", "keydown"]; // of the first a menu may hear alone
    for (const end of ends) addEventListener(end, release, true);
    get("codes").addEventListener("change", (event) => {
      this.isLeaving = event.target !== this.root.activeElement;
      if (this.isLeaving) setTimeout(() => { this.isLeaving = false; drawLate(); });
    }, true);
    this.store.subscribe(() => this.#hearOthers());
    if (!this.address) {
      this.frame.addEventListener("click", (event) => this.#follow(event));
      return;
    }
    addEventListener("hashchange", () => this.recall());
    addEventListener("focus", () => this.#hearOthers());
    addEventListener("pagehide", () => get("codes").querySelector("textarea:focus")?.blur()); // keeps a half-written note
    if (matchMedia("(max-width: 62rem)").matches) for (const id of ["filters-box", "matrix-fold", "queue-box"]) get(id).open = false;
  }

  #hearOthers() {
    if (this.review.pull().length) this.draw();
  }

  #chooseElement(element) {
    if (element.dataset.statement === undefined) {
      this.#chooseMention(element);
      return;
    }
    const ids = this.alike.get(Number(element.dataset.statement)).map((statement) => statement.statement_id);
    const entries = this.queue.of(this.review.sentence(ids[0].slice(0, ids[0].lastIndexOf("/"))));
    const own = entries.filter((entry) => ids.includes(entry.row.statement));
    const isChosen = (entry) => entry.sid === this.chosen?.sid && entry.at === this.chosen.at;
    const shown = (entry) => this.ordered.some((other) => other.key === entry.key);
    this.choose(own.find(isChosen) ?? own.find(shown) ?? own[0]);
  }

  /** In a widget the address is that of the notebook: a link within the page only scrolls. */
  #follow(event) {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    this.get(decodeURIComponent(link.hash.slice(1)))?.scrollIntoView();
  }

  #close() {
    const [element] = this.all(".is-chosen");
    this.choose(null);
    element?.classList.remove("is-chosen");
    element?.focus();
  }

  #press(event) {
    const at = event.composedPath()[0];
    if (event.key === "Escape" && !this.get("help-box").open) {
      const entry = at.closest("#codes") && this.#entry();
      if (!entry) this.#close();
      else {
        if (at.matches("input")) at.value = "";
        this.elementsOf(entry.row)[0]?.focus();
        this.drawChosen();
      }
    }
    if (at.matches("input:not([type=checkbox]), select, textarea") || this.get("help-box").open) return;
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key.toLowerCase() !== "z" || event.altKey) return;
      event.preventDefault();
      this.undo(event.shiftKey);
      return;
    }
    const act = this.#actOf(event.key, at);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #actOf(key, at) {
    const stance = Object.keys(this.codes.stance)[Number(key) - 1];
    if (stance) return () => this.set("stance", stance);
    if (Object.hasOwn(FIELD_KEYS, key)) return () => this.editor.focus(FIELD_KEYS[key]);
    if (key === "Enter" || key === " ") {
      const element = at.closest(".statement, .mention[role='button']");
      if (!element && at.closest("button, a, summary, input")) return null; // they have their own use for it
      if (element && !element.classList.contains("is-chosen")) return () => this.#chooseElement(element);
      return key === "Enter" ? () => this.accept() : null;
    }
    return {
      j: () => this.step(1), n: () => this.step(1), k: () => this.step(-1), p: () => this.step(-1), x: () => this.takeAway(),
      u: () => this.undo(), U: () => this.undo(true), "+": () => this.mark(), s: () => this.download(".csv"),
      S: () => this.download(".xlsx"), o: () => this.get("file").click(),
      A: () => this.acceptAll(), f: () => this.#toFilters(), "?": () => this.get("help-box").showModal(),
      "/": () => { this.get("filters-box").open = true; this.get("search").focus(); },
    }[key];
  }
}

/** The part of a range that is in some elements, without what the page has put there. */
function wordsIn(range, elements) {
  const part = document.createRange();
  part.setStartBefore(elements[0]);
  part.setEndAfter(elements.at(-1));
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  const copied = make("div", {}, part.cloneContents());
  for (const other of copied.querySelectorAll(".sign, sup, .anchor")) other.remove();
  return copied.textContent.trim();
}

function isSameBytes(buffer, content) {
  const bytes = new Uint8Array(buffer);
  return bytes.length === content.length && bytes.every((byte, at) => byte === content[at]);
}
