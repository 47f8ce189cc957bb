/** Elements, made from data: text is only ever set as text, so that nothing in a report, sheet or name can run. */

export function make(tag, { text, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  if (text !== undefined) element.textContent = text;
  element.append(...children.filter(Boolean));
  return element;
}

/** A choice of codes, `[code, label]` each; an empty code stands for none. */
export function select(choices, value, attributes) {
  const list = make("select", attributes, ...choices.map(([code, label, disabled = false]) =>
    make("option", { value: code, text: label, disabled })));
  list.value = value;
  return list;
}

export const fillWith = (element, ...children) => element.replaceChildren(...children.filter(Boolean));
