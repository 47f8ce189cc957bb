/** The column beside the text: how the chosen row is coded, fields to change it, and the evidence for it. */

import { fillWith, make, renew, select } from "./dom.js";
import { isLive, isPosition, isRowAsFound } from "./sentences.js";

export const SIGNS = { for: "+", conditional: "±", neutral: "○", against: "−" };
export const MARKS = { right: "✓", changed: "✎", open: "" };

export class Editor {
  /** `page` has the words and labels of the language, the review, and what is done when something is changed. */
  constructor(page) {
    this.page = page;
    this.place = page.root.getElementById("codes");
    this.parts = []; // what is shown, and the key of the entry that it is about
    this.key = null;
  }

  /** What is as it was stays, and so does a field in which a person is choosing, so that typing its letters goes on. */
  draw({ sid, at, key }) {
    const { review, root } = this.page;
    const sentence = review.sentence(sid);
    const focused = this.place.contains(root.activeElement) ? root.activeElement : null;
    const isSame = this.key === key;
    const isBusy = focused?.matches("select") || (focused?.matches("input") && focused.value);
    const fieldOf = (part) => part.querySelector("[data-field]")?.dataset.field;
    const parts = [
      make("p", {}, make("strong", { text: this.page.cited(sentence.citation) })), ...this.#head(sentence, at),
      ...this.#opinions(sentence, at), ...this.#form(sentence, at),
      this.#adding(sentence, isSame && this.place.querySelector("#adding")?.open), ...this.#evidence(sentence.rows[at]),
    ];
    this.parts = renew(this.place, this.parts, parts, (old, fresh) => isSame && (old.isEqualNode(fresh)
      || (isBusy && old.contains(focused) && fieldOf(old) === fieldOf(fresh))));
    this.key = key;
    if (focused?.dataset.field && !focused.isConnected) this.focus(focused.dataset.field);
  }

  drawMention(mention) {
    const { word, cited } = this.page;
    fillWith(this.place,
      make("p", {}, make("strong", { text: cited(mention.citation) })),
      make("dl", {}, ...this.#pair("words", mention.quote), ...this.#pair("refers", this.#entity(mention)),
        ...this.#pair("rule", make("code", { text: mention.rule_id }))),
      make("p", { class: "buttons" }, this.#copier(mention.quote, mention.citation)));
    this.place.setAttribute("aria-label", word("evidence"));
  }

  drawNothing() {
    fillWith(this.place, make("p", { text: this.page.word("choose") }));
  }

  focus(field) {
    const parts = [...this.place.querySelectorAll(`[data-field="${field}"]`)];
    (parts.find((part) => !part.matches("button")) ?? parts[0])?.focus(); // of a list what adds to it
  }

  /** What is done by mouse gives the focus back to the text, where keys are heard, unless a choice must follow. */
  #done(event, act) {
    act();
    if (event.detail && !this.place.querySelector("select:focus")) this.page.focusText();
  }

  // ---- rows of the sentence -----------------------------------------------------------------------------------------

  said(row) {
    const { label, word } = this.page;
    const position = isPosition(row) ? `${label("issue", row.issue)}${word("colon")}${label("stance", row.stance)}` : word("noIssue");
    return `${label("holder", row.holder)} · ${position}`;
  }

  #head(sentence, at) {
    const { word, textLang, queue, review } = this.page;
    const row = sentence.rows[at];
    const original = review.originals.get(sentence.sid).rows[at];
    return [
      make("ol", { class: "rows" }, ...queue.of(sentence).map((entry) => make("li", {}, make("button", {
        type: "button", class: entry.row.removed ? "is-removed" : null, "aria-current": entry.at === at ? "true" : null,
        text: `${this.said(entry.row)} ${MARKS[entry.decided]}`, "data-field": `row-${entry.at}`,
        onclick: (event) => this.#done(event, () => this.page.choose(entry)) })))),
      make("blockquote", { class: row.stance || null, lang: textLang, text: row.quote }),
      sentence.gloss_en && make("p", { class: "status", lang: "en", text: sentence.gloss_en }),
      row.removed && make("p", { class: "warn", text: word("isRemoved") }),
      !isPosition(row) && (row.issue || row.stance || row.added) && make("p", { class: "warn", text: word("incomplete") }),
      original && !isRowAsFound(row, original) && make("p", { class: "status",
        text: `${word("asFound")}${word("colon")}${this.said(original)}` }),
    ];
  }

  // ---- fields -------------------------------------------------------------------------------------------------------

  #form(sentence, at) {
    const { word, label, codes } = this.page;
    const row = sentence.rows[at];
    const set = (field, value) => this.page.set(field, value);
    let isByMouse = false;
    const choice = (field, choices, value) => this.#field(field, select(choices, value, { "data-field": field,
      onpointerdown: () => { isByMouse = true; }, onkeydown: () => { isByMouse = false; },
      onchange: (event) => {
        set(field, event.target.value);
        if (isByMouse) this.page.focusText(); // or the keys that follow would choose here again
      },
      onblur: () => setTimeout(() => this.page.draw()) })); // when the focus has arrived elsewhere
    const named = (facet) => Object.keys(codes[facet]).map((code) => [code, label(facet, code)]);
    const held = new Set(sentence.rows.filter((other) => other !== row && isLive(other) && other.statement === row.statement)
      .map((other) => other.issue));
    const stances = make("div", { class: "buttons", role: "group", "aria-label": word("stance") },
      ...Object.keys(codes.stance).map((code, number) => make("button", {
        type: "button", class: code, "data-field": `stance-${code}`, "aria-pressed": String(row.stance === code),
        "aria-keyshortcuts": number < 9 ? number + 1 : null, text: `${SIGNS[code] ?? ""} ${label("stance", code)}`,
        onclick: (event) => this.#done(event, () => set("stance", code)) })));
    return [
      choice("holder", named("holder"), row.holder),
      row.holder === "named" && this.#list("actor", "actor", ({ rows }) => rows[at].actor, sentence.sid),
      choice("issue", [["", word("noIssue")], ...named("issue").map(([code, text]) => [code, text, held.has(code)])], row.issue),
      make("div", { class: "field" }, make("span", { text: word("stance") }), stances),
      choice("modality", named("modality"), sentence.modality),
      this.#list("instruments", "instrument", ({ instruments }) => instruments, sentence.sid),
      this.#list("themes", "theme", ({ themes }) => themes, sentence.sid),
      this.#field("note", make("textarea", { rows: 2, text: row.note, "data-field": "note",
        onchange: (event) => this.page.note(event.target.value.trim()) })),
    ];
  }

  #field(name, control) {
    return make("label", { class: "field" }, make("span", { text: this.page.word(name) }), control);
  }

  /** Several codes: each can be taken away, and some added by name or the beginning of it; actors by any name. */
  #list(field, facet, valuesOf, sid) {
    const { page } = this;
    const { word, label, codes } = page;
    const now = () => valuesOf(page.review.sentence(sid)); // one may have been added since this was drawn
    const chosen = now();
    const others = Object.keys(codes[facet]).filter((code) => !chosen.includes(code));
    const names = new Map([...others, ...chosen].map((code) => [label(facet, code), code]));
    const codeOf = (name) => {
      const typed = name.toLowerCase();
      const like = [(label) => label === typed, (label) => label.startsWith(typed), (label) => label.includes(typed)];
      const fullName = like.map((isLike) => [...names.keys()].find((label) => isLike(label.toLowerCase()))).find(Boolean);
      return names.get(fullName) ?? (field === "actor" ? name : "");
    };
    const add = ({ target }) => {
      const typed = target.value.split(";").map((part) => part.trim()).filter(Boolean); // as in the cell of a sheet
      const unknown = typed.find((part) => !codeOf(part));
      target.value = "";
      const added = typed.map(codeOf).filter((code) => code && !now().includes(code));
      if (added.length) page.set(field, [...now(), ...new Set(added)]);
      if (unknown) page.say("noCode", `“${unknown}”`);
    };
    const input = make("input", { type: "text", list: `${field}-codes`, "data-field": field, autocomplete: "off",
      placeholder: word("more"), "aria-label": `${word(field)}${word("colon")}${word("more")}`, onchange: add });
    return make("div", { class: "field" }, make("span", { text: word(field) }), make("div", { class: "buttons" },
      ...chosen.map((code) => make("button", { type: "button", class: "chip", "data-field": field, text: `${label(facet, code)} ✕`,
        "aria-label": `${word("without")}${word("colon")}${label(facet, code)}`,
        onclick: (event) => this.#done(event, () => page.set(field, now().filter((chosen) => chosen !== code))) })),
      input, make("datalist", { id: `${field}-codes` }, ...others.map((code) => make("option", { value: label(facet, code) })))));
  }

  // ---- other coders -------------------------------------------------------------------------------------------------

  #opinions(sentence, at) {
    const { queue, data, word, label } = this.page;
    const row = sentence.rows[at];
    const lines = data.coders.slice(1).flatMap((coder) => {
      const said = queue.saidBy(coder, row.statement);
      const issues = [...new Set([...Object.keys(said ?? {}), row.issue])].filter(Boolean);
      if (!said) return [make("li", { text: `${coder}${word("colon")}${word("silent")}` })];
      if (!issues.length) return [make("li", { text: `${coder}${word("colon")}${word("noIssue")}` })];
      return issues.map((issue) => {
        const [stance, quote] = said[issue] ?? ["", ""];
        const text = `${coder}${word("colon")}${label("issue", issue)}${word("colon")}${stance ? label("stance", stance) : word("none")}`;
        const isSame = sentence.rows.some((other) => isLive(other) && other.statement === row.statement && other.issue === issue
          ? other.stance === stance : false) || (!stance && row.issue !== issue);
        return make("li", {}, make("p", { text: `${text} ${isSame ? MARKS.right : ""}` }),
          quote && make("blockquote", { class: stance, lang: this.page.textLang, text: quote }),
          make("p", { class: "buttons" },
            !isSame && make("button", { type: "button", "data-field": "others", text: word("take"), onclick: () => this.page.takeSide(coder, issue, [row.statement]) }),
            make("button", { type: "button", "data-field": "others", text: word("takeAll"), onclick: () => this.page.takeSide(coder, issue) })));
      });
    });
    return lines.length ? [make("h3", { text: word("others"), "data-field": "others", tabindex: -1 }), make("ul", { class: "opinions" }, ...lines)] : [];
  }

  // ---- adding -------------------------------------------------------------------------------------------------------

  /** The sentence in a field where words can be marked by keyboard too; marked ones become a position. */
  #adding(sentence, isOpen) {
    const { word } = this.page;
    const field = make("textarea", { rows: 4, readonly: true, text: sentence.text, lang: this.page.textLang, "data-field": "words",
      "aria-label": word("markWords") });
    const add = (ofItsOwn) => this.page.add(sentence.text.slice(field.selectionStart, field.selectionEnd).trim(), ofItsOwn);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      add(event.shiftKey);
    });
    return make("details", { id: "adding", open: isOpen }, make("summary", { text: word("add") }),
      make("p", { class: "status", text: word("markWords") }), field,
      make("p", { class: "buttons" },
        make("button", { type: "button", text: word("addHere"), onclick: () => add(false) }),
        make("button", { type: "button", text: word("addOther"), onclick: () => add(true) })));
  }

  /** Open the field with these words marked. */
  mark(quote) {
    const box = this.place.querySelector("#adding");
    const field = box?.querySelector("textarea");
    const start = field?.value.indexOf(quote) ?? -1;
    if (start < 0) return;
    box.open = true;
    field.focus();
    field.setSelectionRange(start, start + quote.length);
  }

  // ---- evidence -----------------------------------------------------------------------------------------------------

  #pair(key, ...content) {
    return [make("dt", { text: this.page.word(key) }), make("dd", {}, ...content)];
  }

  #evidence(row) {
    const { word, label, statements, mentions, cited, textLang } = this.page;
    const statement = statements.get(row.statement);
    const rule = (id) => make("code", { text: id });
    if (!statement) return [];
    const unit = this.page.elementsOf(row)[0]?.closest(".unit");
    const contrasts = statement.contrasts.map((number) => this.page.data.statements[number]);
    return [
      make("h3", { text: word("statement") }),
      make("blockquote", { lang: textLang, text: statement.quote }),
      make("dl", {},
        ...(statement.holder_quote ? this.#pair("holder", `“${statement.holder_quote}”`) : []),
        ...this.#pair("verb", statement.verb || word("none")),
        ...this.#pair("voice", label("voice", statement.voice)),
        ...(statement.rule_id ? this.#pair("rule", rule(statement.rule_id)) : []),
        ...(row.rule_id ? this.#pair("positionRule", rule(row.rule_id)) : []),
        ...(row.certainty ? this.#pair("certainty", label("certainty", row.certainty)) : [])),
      ...(contrasts.length ? [make("h3", { text: word("against") }), make("ul", {}, ...contrasts.map((other) => make("li", {},
        make("button", { type: "button", class: "jump", text: cited(other.citation), onclick: () => this.page.chooseStatement(other.statement_id) }),
        make("blockquote", { lang: textLang, text: other.quote }))))] : []),
      ...(statement.mentions.length ? [make("h3", { text: word("refers") }), make("ul", {}, ...statement.mentions.map((number) =>
        make("li", { text: this.#mentionLine(mentions[number]) })))] : []),
      make("p", { class: "buttons" }, this.#copier(statement.quote, statement.citation),
        unit && make("a", { href: `#${unit.id}`, text: word("link") })),
    ];
  }

  #entity(mention) {
    const { data, lang, word } = this.page;
    return (data.entities[mention.entity_id] ?? { [lang]: mention.entity_id || word("points") })[lang];
  }

  #mentionLine(mention) {
    return `${mention.quote} → ${this.#entity(mention)}${mention.locator ? ` (${mention.locator})` : ""}`;
  }

  #copier(quote, citation) {
    return make("button", { type: "button", class: "copy", "data-field": "copy", text: this.page.word("copy"), onclick: async (event) => {
      const button = event.currentTarget;
      await copy(`“${quote}” (${citation})`);
      button.textContent = this.page.word("copied");
    } });
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // a page opened from disk may not be allowed to
    const area = make("textarea", { text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
