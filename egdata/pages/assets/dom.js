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
    make("option", { value: code, text: label, disabled, selected: code === value })));
  list.value = value;
  return list;
}

export const fillWith = (element, ...children) => element.replaceChildren(...children.filter(Boolean));

/**
 * Put new parts in the place of old ones, each of which may be missing; an old one that `stays` for the new one is not
 * touched, nor the focus in it and what is half written. Gives the parts that are there now.
 */
export function renew(place, old, fresh, stays) {
  const parts = fresh.map((part, at) => (part && old[at] && stays(old[at], part) ? old[at] : part));
  for (const child of [...place.children].filter((old) => !parts.includes(old))) child.remove();
  let next = null;
  for (const part of parts.filter(Boolean).reverse()) {
    if (part.parentNode !== place) place.insertBefore(part, next);
    next = part;
  }
  return parts;
}
