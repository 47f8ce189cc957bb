/** The reader as a page of its own, and as a widget of a notebook. */

import { Page } from "./page.js";
import { browserStore } from "./review.js";

/** Edits in the model of a widget, and the coding sheet that Python gets with every one of them. */
function modelStore(model) {
  const read = () => new Map(Object.entries(model.get("edits")));
  const write = (_, edits) => {
    model.set("edits", Object.fromEntries(edits));
    model.save_changes();
  };
  const keep = (sheet) => {
    model.set("sheet", sheet);
    model.save_changes();
  };
  return { read, write, keep, subscribe: (heard) => model.on("change:edits", heard) };
}

/** Show the widget; its style and ids are its own, and none of JupyterLab's keys act in it. */
function render({ model, el }) {
  const shadow = el.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = model.get("look");
  const body = document.createElement("template");
  body.innerHTML = model.get("body"); // escaped where it was made, and no script in it would run
  shadow.append(style, body.content);
  el.dataset.lmSuppressShortcuts = "true";
  el.tabIndex = -1;
  const page = new Page(shadow, model.get("data"), { store: modelStore(model), keys: el });
  const tell = () => model.get("notice") && page.say("notSaved", model.get("notice"));
  model.on("change:notice", tell);
  tell();
}

if (document.getElementById("egdata-page")) {
  const data = JSON.parse(document.getElementById("data").textContent);
  new Page(document, data, { store: browserStore(data.key), keys: document, address: location });
}

export default { render };
