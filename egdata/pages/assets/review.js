/** A person's edits of a coding: kept in a store that other windows write to as well, with the way back and forth. */

import { same } from "./sentences.js";

export class Review {
  #past = [];
  #future = [];

  constructor(sentences, store) {
    this.originals = new Map(sentences.map((sentence) => [sentence.sid, sentence]));
    this.store = store;
    this.edits = new Map();
    this.version = 0; // goes up with every change
    this.pull();
  }

  sentence(sid) {
    return this.edits.get(sid) ?? this.originals.get(sid);
  }

  get sentences() {
    return [...this.originals.keys()].map((sid) => this.sentence(sid));
  }

  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }

  /** Take over what another window has written; says of which sentences. */
  pull() {
    const kept = [...this.store.read()];
    const theirs = new Map(kept.filter(([sid, sentence]) => isLike(sentence, this.originals.get(sid))));
    const sids = [...new Set([...theirs.keys(), ...this.edits.keys()])]
      .filter((sid) => !same(theirs.get(sid), this.edits.get(sid)));
    if (sids.length) {
      this.edits = theirs;
      this.version += 1;
    }
    return sids;
  }

  /**
   * Change sentences, after a look at what other windows wrote, so that nothing of theirs is lost; one step to undo.
   * Gives the sentences that changed, and those of them that another window had changed meanwhile.
   */
  edit(sids, change) {
    const pulled = this.pull();
    const patch = new Map();
    for (const sid of sids) {
      const before = this.sentence(sid);
      const after = change(before);
      const edited = same(after, this.originals.get(sid)) ? undefined : after;
      if (!same(after, before)) patch.set(sid, [this.edits.get(sid), edited]);
    }
    if (patch.size) {
      this.#past.push(patch);
      this.#future = [];
      this.#write(patch, 1);
    }
    return { sids: [...patch.keys()], clashes: pulled.filter((sid) => patch.has(sid)) };
  }

  /** Begin with what a sheet says; no step leads back behind it. */
  start(sentences) {
    const changed = [...sentences].filter(([sid, sentence]) => !same(sentence, this.originals.get(sid)));
    this.#write(new Map(changed.map(([sid, sentence]) => [sid, [undefined, sentence]])), 1);
  }

  undo() { return this.#travel(this.#past, this.#future, 0); }
  redo() { return this.#travel(this.#future, this.#past, 1); }

  /** Put one step back or forth, but for sentences that another window has changed since. */
  #travel(from, to, side) {
    this.pull();
    const patch = from.pop();
    if (!patch) return { sids: [], clashes: [] };
    const isOurs = (sid) => same(this.edits.get(sid), patch.get(sid)[1 - side]);
    const clashes = [...patch.keys()].filter((sid) => !isOurs(sid));
    const ours = new Map([...patch].filter(([sid]) => isOurs(sid)));
    if (ours.size) to.push(ours);
    this.#write(ours, side);
    return { sids: [...ours.keys()], clashes };
  }

  #write(patch, side) {
    this.version += 1;
    for (const [sid, values] of patch) {
      if (values[side]) this.edits.set(sid, values[side]);
      else this.edits.delete(sid);
    }
    this.store.write(new Map([...patch].map(([sid, values]) => [sid, values[side]])), this.edits);
  }
}

/** Whether what a store has is made as a sentence is: anything may stand there, or what an earlier page wrote. */
function isLike(value, like) {
  if (Array.isArray(like)) return Array.isArray(value) && (!like.length || value.every((part) => isLike(part, like[0])));
  if (typeof like !== "object") return typeof value === typeof like;
  return Boolean(value) && Object.keys(like).every((key) => isLike(value[key], like[key]));
}

/** Keeps edits in the browser, a sentence a key, so that two windows on one report share them. */
export function browserStore(key) {
  const prefix = `egdata:${key}:`;
  const kept = new Map(); // where the browser keeps nothing, at least as long as the page is open
  const seen = new Map(); // what stood in the browser, and what it says: the same object as long as it stands there
  let canKeep = true;
  const read = () => {
    if (!canKeep) return new Map(kept);
    const sentences = new Map();
    try {
      for (const name of Object.keys(localStorage).filter((key) => key.startsWith(prefix))) {
        const text = localStorage.getItem(name);
        if (seen.get(name)?.text !== text) seen.set(name, { text, sentence: parsed(text) });
        const { sentence } = seen.get(name);
        if (sentence) sentences.set(name.slice(prefix.length), sentence);
      }
    } catch {
      canKeep = false;
      return new Map(kept);
    }
    return sentences;
  };
  const write = (changes, edits) => {
    kept.clear();
    for (const [sid, sentence] of edits) kept.set(sid, sentence);
    try {
      for (const [sid, sentence] of changes) {
        const [name, text] = [prefix + sid, JSON.stringify(sentence)];
        seen.set(name, { text, sentence });
        if (sentence) localStorage.setItem(name, text);
        else localStorage.removeItem(name);
      }
    } catch {
      canKeep = false; // forbidden, or full
    }
  };
  const subscribe = (heard) => {
    const listen = (event) => (event.key === null || event.key.startsWith(prefix)) && heard();
    addEventListener("storage", listen);
    return () => removeEventListener("storage", listen);
  };
  return { read, write, subscribe, isKept: () => canKeep };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
