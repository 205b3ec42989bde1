import { byId } from "./dom.js";
import { say } from "./words.js";

const PANELS = { schema: "explorer", history: "history" };

/** The panel at the side, which shows the schema or the history or is closed. */
export class Side {
  #panel = byId("side");
  #title = byId("side-title");
  #shown = null;

  constructor() {
    for (const name of Object.keys(PANELS)) {
      this.#opener(name).onclick = () => (this.#shown === name ? this.close() : this.#open(name));
    }
    byId("close-side").onclick = () => this.close();
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  close() {
    if (this.#shown === null) return;
    const opener = this.#opener(this.#shown);
    this.#show(null);
    opener.focus();
  }

  #open(name) {
    this.#show(name);
    this.#title.textContent = say(name);
    this.#title.focus();
  }

  #show(shown) {
    this.#shown = shown;
    this.#panel.hidden = shown === null;
    for (const [name, id] of Object.entries(PANELS)) {
      byId(id).hidden = name !== shown;
      this.#opener(name).setAttribute("aria-expanded", name === shown);
    }
  }

  #opener(name) {
    return byId(`show-${name}`);
  }
}
