import { button, element } from "./dom.js";
import { language, say } from "./words.js";

const KEY = "allround.console.history";
const KEPT = 20;

/** The last queries that were run, newest first; `restore({ query, variables })` takes one up again. */
export class History {
  #place;
  #restore;

  constructor(place, restore) {
    this.#place = place;
    this.#restore = restore;
    this.#draw();
  }

  add({ query, variables, operationName }) {
    const others = this.#entries().filter((entry) => entry.query !== query || entry.variables !== variables);
    this.#keep([{ query, variables, operationName, at: Date.now() }, ...others].slice(0, KEPT));
  }

  #entries() {
    try {
      const entries = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(entries) ? entries : [];
    } catch {
      return [];
    }
  }

  #keep(entries) {
    try {
      localStorage.setItem(KEY, JSON.stringify(entries));
    } catch {
      // A browser that keeps nothing, or is full, still runs queries.
    }
    this.#draw();
  }

  #draw() {
    const entries = this.#entries();
    if (entries.length === 0) {
      this.#place.replaceChildren(element("p", { className: "note" }, say("historyEmpty")));
      return;
    }
    const items = entries.map((entry) => element("li", {}, this.#link(entry)));
    const clear = button(say("clear"), () => this.#keep([]));
    this.#place.replaceChildren(element("ul", { className: "entries" }, ...items), clear);
  }

  #link(entry) {
    const { query, operationName, at } = entry;
    const time = new Date(at);
    const label = operationName ?? query.replace(/\s+/g, " ").trim().slice(0, 80);
    const when = element("time", { dateTime: time.toISOString() }, time.toLocaleString(language));
    return button([label, when], () => this.#restore(entry), { className: "entry", title: query.slice(0, 1000) });
  }
}
