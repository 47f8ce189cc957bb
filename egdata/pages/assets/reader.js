"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { facets, statements, mentions } = data;
  const SIGNS = { for: "+", conditional: "±", neutral: "○", against: "−" };
  const SHARED = ["issue", "stance"]; // these two must hold of one and the same position
  const get = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  let lang = data.lang;
  let chosen = null; // the element whose codes are shown
  let filter = empty();
  let shown = new Set();
  // holders who join another share its words on the page
  const spans = new Map(statements.map(({ shown_at: at }, number) => [number, all(`.statement[data-statement="${at}"]`)]));
  const alike = (at) => statements.map((_, number) => number).filter((number) => statements[number].shown_at === Number(at));

  function empty() {
    return { ...Object.fromEntries(Object.keys(facets).map((facet) => [facet, new Set()])), text: "" };
  }
  const word = (key) => data.words[lang][key];
  const label = (facet, code) => (facets[facet][code] || { [lang]: code })[lang];

  function make(tag, { text, ...attributes } = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined) element.setAttribute(name, value);
    }
    if (text !== undefined) element.textContent = text;
    element.append(...children.filter(Boolean));
    return element;
  }

  // ---- filters ----------------------------------------------------------------------------------------------------

  const codesOf = (statement, facet) => {
    if (SHARED.includes(facet)) return statement.positions.map((position) => position[facet]);
    return Array.isArray(statement[facet]) ? statement[facet] : [statement[facet]];
  };

  /** The positions of a statement that the filter leaves, but for one facet. */
  const positionsLeft = (statement, without) => statement.positions.filter((position) =>
    SHARED.every((facet) => facet === without || !filter[facet].size || filter[facet].has(position[facet])));

  /** Whether a statement is left; `without` names a facet that is not asked, so that its codes can be counted. */
  function fits(statement, without) {
    if (filter.text && !statement.quote.toLowerCase().includes(filter.text.toLowerCase())) return false;
    if (SHARED.some((facet) => facet !== without && filter[facet].size) && !positionsLeft(statement, without).length) {
      return false;
    }
    return Object.keys(facets).every((facet) => SHARED.includes(facet) || facet === without || !filter[facet].size
      || codesOf(statement, facet).some((code) => filter[facet].has(code)));
  }

  /** How many statements each code of a facet would leave. */
  function count(facet) {
    const counts = {};
    for (const statement of statements) {
      if (!fits(statement, facet)) continue;
      const codes = SHARED.includes(facet)
        ? positionsLeft(statement, facet).map((position) => position[facet]) : codesOf(statement, facet);
      for (const code of new Set(codes)) counts[code] = (counts[code] || 0) + 1;
    }
    return counts;
  }

  const isFiltered = () => Boolean(filter.text) || Object.keys(facets).some((facet) => filter[facet].size);

  function drawFilters() {
    shown = new Set(statements.map((_, number) => number).filter((number) => fits(statements[number])));
    get("n-shown").textContent = shown.size;
    get("n-all").textContent = statements.length;
    get("nothing").hidden = shown.size > 0;
    if (document.activeElement !== get("search")) get("search").value = filter.text;
    for (const facet of Object.keys(facets)) drawFacet(facet);
    document.body.classList.toggle("is-filtered", isFiltered());
    document.body.classList.toggle("only", get("only").checked && isFiltered());
    for (const [number, elements] of spans) {
      if (statements[number].shown_at !== number) continue;
      for (const element of elements) element.classList.toggle("is-hit", alike(number).some((one) => shown.has(one)));
    }
    if (chosen?.dataset.statement && !alike(chosen.dataset.statement).some((one) => shown.has(one))) choose(null, false);
    for (const unit of all(".unit")) unit.classList.toggle("has-hit", Boolean(unit.querySelector(".is-hit")));
    drawMatrix();
  }

  function drawFacet(facet) {
    const list = document.querySelector(`[data-facet="${facet}"]`);
    const focused = list.contains(document.activeElement) ? document.activeElement.value : null;
    const counts = count(facet);
    list.replaceChildren(...Object.keys(facets[facet]).map((code) => {
      const box = make("input", { type: "checkbox", value: code, onchange: () => toggle(facet, code) });
      box.checked = filter[facet].has(code);
      const n = counts[code] || 0;
      return make("li", { class: n ? null : "is-empty" }, make("label", { title: facets[facet][code].definition || null },
        box, make("span", { text: label(facet, code) }), make("span", { class: "n", text: n })));
    }));
    if (focused !== null) [...list.querySelectorAll("input")].find((box) => box.value === focused)?.focus();
  }

  function toggle(facet, code) {
    if (!filter[facet].delete(code)) filter[facet].add(code);
    remember();
  }

  // ---- matrix -----------------------------------------------------------------------------------------------------

  function drawMatrix() {
    const stances = Object.keys(facets.stance);
    const head = make("tr", {}, make("th", { scope: "col", text: word("issue") }),
      ...stances.map((stance) => make("th", { scope: "col", text: `${SIGNS[stance] || ""} ${label("stance", stance)}` })));
    const rows = Object.keys(facets.issue).map((issue) => make("tr", {},
      make("th", { scope: "row", text: label("issue", issue) }),
      ...stances.map((stance) => make("td", { "data-label": `${SIGNS[stance] || ""} ${label("stance", stance)}` }, ...Object.keys(facets.holder).map((holder) => cell(issue, stance, holder))))));
    get("matrix").replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
  }

  function cell(issue, stance, holder) {
    const found = statements.map((_, number) => number).filter((number) => statements[number].holder === holder
      && statements[number].positions.some((position) => position.issue === issue && position.stance === stance));
    if (!found.length) return null;
    const left = found.filter((number) => shown.has(number)).length;
    return make("button", {
      type: "button", class: `${stance}${left ? "" : " is-gone"}`, text: `${label("holder", holder)} ${found.length}`,
      "data-cell": `${issue}|${stance}|${holder}`,
      "aria-label": `${label("issue", issue)}: ${label("stance", stance)}, ${label("holder", holder)}, ${found.length}`,
      onclick: () => {
        filter = { ...empty(), issue: new Set([issue]), stance: new Set([stance]), holder: new Set([holder]) };
        remember();
        choose(spans.get(found[0])[0], true);
      },
    });
  }

  // ---- evidence ---------------------------------------------------------------------------------------------------

  function choose(element, jump) {
    for (const marked of all(".is-chosen")) marked.classList.remove("is-chosen");
    chosen = element;
    document.body.classList.toggle("has-choice", Boolean(element));
    get("close").hidden = !element;
    if (!element) {
      get("codes").replaceChildren(make("p", { text: word("choose") }));
      return;
    }
    const number = element.dataset.statement;
    if (number !== undefined) for (const part of spans.get(Number(number))) part.classList.add("is-chosen");
    else element.classList.add("is-chosen");
    get("codes").replaceChildren(...(number !== undefined
      ? alike(number).flatMap((one) => codesOfStatement(statements[one], element)) : codesOfMention(mentions[element.dataset.mention])));
    if (jump) {
      element.scrollIntoView({ block: "center" });
      element.focus({ preventScroll: true });
    }
  }

  const row = (key, ...content) => [make("dt", { text: word(key) }), make("dd", {}, ...content)];
  /** A citation as it is read in the language of the page; what is copied keeps its usual form. */
  const cited = (citation) => lang !== "zh" ? citation
    : citation.replace(/, footnote (\S+)$/, "，脚注$1").replace(/, para\. ([^，]+)/, "，第$1段");
  const rule = (id) => make("code", { text: id });

  function codesOfStatement(statement, element) {
    const unit = element.closest(".unit");
    const names = (facet) => statement[facet].map((code) => label(facet, code)).join(" · ") || word("none");
    return [
      make("p", {}, make("strong", { text: cited(statement.citation) })),
      make("blockquote", { lang: document.querySelector("article").lang, text: statement.quote }),
      make("dl", {},
        ...row("holder", label("holder", statement.holder), " ", statement.holder_quote ? `“${statement.holder_quote}”` : ""),
        ...row("verb", statement.verb || word("none")),
        ...row("modality", (data.modalities[statement.modality] || {})[lang] || word("none")),
        ...row("voice", label("voice", statement.voice)),
        ...row("themes", names("theme")),
        ...(statement.rule_id ? row("rule", rule(statement.rule_id)) : [])),
      make("h3", { text: word("positions") }),
      ...(statement.positions.length ? statement.positions.flatMap(codesOfPosition) : [make("p", { text: word("noPosition") })]),
      ...(statement.contrasts.length ? [make("h3", { text: word("against") }), make("ul", {}, ...statement.contrasts.map((number) =>
        make("li", {}, make("button", { type: "button", class: "jump", text: cited(statements[number].citation),
          onclick: () => choose(spans.get(number)[0], true) }),
        make("blockquote", { lang: document.querySelector("article").lang, text: statements[number].quote }))))] : []),
      ...(statement.mentions.length ? [make("h3", { text: word("refers") }), make("ul", {}, ...statement.mentions.map((number) =>
        make("li", {}, mentionLine(mentions[number]))))] : []),
      make("p", { class: "buttons" }, copier(statement.quote, statement.citation),
        unit && make("a", { href: `#${unit.id}`, text: word("link") })),
    ];
  }

  function codesOfPosition(position) {
    return [
      make("p", {}, make("span", { class: `sign ${position.stance}`, text: SIGNS[position.stance] || "" }), " ",
        make("strong", { text: label("issue", position.issue) }), word("colon") + label("stance", position.stance)),
      make("blockquote", { class: position.stance, lang: document.querySelector("article").lang, text: position.quote }),
      make("p", {}, word("rule") + word("colon"), rule(position.rule_id)),
    ];
  }

  const entity = (mention) => (data.entities[mention.entity_id] || { [lang]: mention.entity_id || word("points") })[lang];
  const mentionLine = (mention) => `${mention.quote} → ${entity(mention)}${mention.locator ? ` (${mention.locator})` : ""}`;

  function codesOfMention(mention) {
    return [
      make("p", {}, make("strong", { text: cited(mention.citation) })),
      make("dl", {}, ...row("words", mention.quote), ...row("refers", entity(mention)), ...row("rule", rule(mention.rule_id))),
      make("p", { class: "buttons" }, copier(mention.quote, mention.citation)),
    ];
  }

  function copier(quote, citation) {
    return make("button", {
      type: "button", class: "copy", text: word("copy"), onclick: async (event) => {
        await copy(`“${quote}” (${citation})`);
        event.target.textContent = word("copied");
      },
    });
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

  // ---- address ----------------------------------------------------------------------------------------------------

  /** Put the filters into the address, so that they can be shared and the back button undoes them. */
  function remember() {
    const query = new URLSearchParams();
    for (const facet of Object.keys(facets)) for (const code of filter[facet]) query.append(facet, code);
    if (filter.text) query.append("text", filter.text);
    const wanted = query.size ? `#?${query}` : "#?";
    if (location.hash !== wanted && (wanted !== "#?" || location.hash)) location.hash = wanted;
    drawFilters();
  }

  function recall() {
    if (!location.hash || location.hash.startsWith("#?")) {
      const query = new URLSearchParams(location.hash.slice(2));
      filter = empty();
      for (const facet of Object.keys(facets)) {
        for (const code of query.getAll(facet)) if (code in facets[facet]) filter[facet].add(code);
      }
      filter.text = query.get("text") || "";
    }
    drawFilters();
  }

  // ---- page -------------------------------------------------------------------------------------------------------

  function drawWords() {
    document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
    for (const element of all("[data-word]")) element.textContent = word(element.dataset.word);
    get("legend").replaceChildren(...[...Object.keys(facets.stance), "several", "unmarked"].map((code) => make("li", {},
      make("span", { class: code, text: code in facets.stance ? label("stance", code) : word(code) }))));
    get("switch").lang = lang === "zh" ? "en" : "zh-Hans";
    choose(chosen, false);
    drawFilters();
  }

  function step(by) {
    const elements = all(".statement").filter((element) => alike(element.dataset.statement)
      .some((one) => shown.has(one) && (isFiltered() || statements[one].positions.length)));
    if (!elements.length) return;
    const at = elements.indexOf(chosen);
    const next = at < 0 ? (by > 0 ? 0 : elements.length - 1) : (at + by + elements.length) % elements.length;
    choose(elements[next], true);
  }

  for (const [number, elements] of spans) {
    if (statements[number].shown_at !== number) continue;
    const { holder, holder_quote: words } = statements[number];
    const stances = [...new Set(alike(number).flatMap((one) => statements[one].positions.map((position) => position.stance)))];
    for (const element of elements) {
      if (stances.length === 1) element.classList.add(stances[0]);
      else if (stances.length > 1) element.classList.add("several");
      else if (words || holder !== "unattributed") element.classList.add("has-holder");
    }
    elements.at(-1)?.append(...stances.map((stance) => make("span", { class: `sign ${stance}`, "aria-hidden": "true", text: SIGNS[stance] || "" })));
  }
  for (const mention of all(".mention")) {
    if (!mention.closest(".statement")) {
      mention.setAttribute("role", "button");
      mention.tabIndex = 0;
    }
  }
  const target = (event) => event.target.closest(".statement, .mention[role='button']");
  document.querySelector("article").addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const element = target(event);
    if (element) choose(element, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const before = chosen;
      choose(null, false);
      before?.focus();
    }
    if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
    else if (event.key === "/") { event.preventDefault(); get("filters-box").open = true; get("search").focus(); }
    else if ((event.key === "Enter" || event.key === " ") && target(event) === event.target) {
      event.preventDefault();
      choose(event.target, false);
    }
  });
  get("search").addEventListener("input", (event) => {
    filter.text = event.target.value;
    drawFilters();
  });
  get("search").addEventListener("change", remember);
  get("only").addEventListener("change", drawFilters);
  get("next").addEventListener("click", () => step(1));
  get("previous").addEventListener("click", () => step(-1));
  get("clear").addEventListener("click", () => { filter = empty(); get("search").value = ""; remember(); });
  get("close").addEventListener("click", () => { const before = chosen; choose(null, false); before?.focus(); });
  get("switch").addEventListener("click", () => { lang = lang === "zh" ? "en" : "zh"; drawWords(); });
  addEventListener("hashchange", recall);
  for (const facet of Object.keys(facets)) {
    document.querySelector(`[data-facet="${facet}"]`).closest("details").hidden = !Object.keys(facets[facet]).length;
  }
  get("matrix-box").hidden = !Object.keys(facets.issue).length;
  if (matchMedia("(max-width: 62rem)").matches) get("filters-box").open = get("matrix-fold").open = false;
  recall();
  drawWords();
})();
