/** The reader as a page of its own, and as a widget of a notebook. */

import { Page } from "./page.js";
import { browserStore } from "./review.js";

/** Edits in the model of a widget, from where Python gets them as a coding sheet. */
function modelStore(model, sheet) {
  const read = () => new Map(Object.entries(model.get("edits")));
  const write = (_, edits) => {
    model.set("edits", Object.fromEntries(edits));
    model.set("sheet", sheet());
    model.save_changes();
  };
  const subscribe = (heard) => model.on("change:edits", heard);
  return { read, write, subscribe };
}

/** Show the widget; its style and ids are its own, and none of JupyterLab's keys act in it. */
function render({ model, el }) {
  const shadow = el.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = model.get("style");
  const body = document.createElement("template");
  body.innerHTML = model.get("body"); // escaped where it was made, and no script in it would run
  shadow.append(style, body.content);
  el.dataset.lmSuppressShortcuts = "true";
  el.tabIndex = -1;
  const store = modelStore(model, () => page.sheet());
  const page = new Page(shadow, model.get("data"), { store, keys: el });
  const tell = () => model.get("notice") && page.say("notSaved", model.get("notice"));
  model.on("change:notice", tell);
  tell();
}

const page = document.getElementById("egdata-page");
if (page) {
  const data = JSON.parse(document.getElementById("data").textContent);
  new Page(document, data, { store: browserStore(data.key), keys: document, address: location });
}

export default { render };
