import { completionAt } from "./completion.js";
import { element } from "./dom.js";
import { say } from "./words.js";

const SHOWN = 100;
const STARTS = /[\w$@]$/;

/** The list of what can be written at an editor's caret. */
export class Suggestions {
  #editor;
  #schema;
  #list = element("ul", { id: "suggestions", className: "suggestions", role: "listbox", hidden: true });
  #completion = null;
  #chosen = 0;
  #caret = 0;

  /** `schema` is a function that answers the schema of the moment, or null. */
  constructor(editor, schema) {
    this.#editor = editor;
    this.#schema = schema;
    this.#list.setAttribute("aria-label", say("suggestions"));
    document.body.append(this.#list);
    const { area } = editor;
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", this.#list.id);
    area.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
    area.addEventListener("input", (event) => this.#onInput(event));
    area.addEventListener("scroll", () => this.close());
    editor.addEventListener("caret", () => this.#onMove());
    area.addEventListener("blur", () => this.close());
  }

  get #isOpen() {
    return !this.#list.hidden;
  }

  open() {
    this.#caret = this.#editor.caret;
    this.#completion = completionAt(this.#editor.text, this.#caret, this.#schema());
    const { offers, prefix } = this.#completion;
    const isWritten = offers.length === 1 && offers[0].text === prefix;
    if (offers.length === 0 || isWritten) return this.close();
    this.#list.replaceChildren(...offers.slice(0, SHOWN).map((offer, index) => this.#option(offer, index)));
    this.#list.hidden = false;
    this.#place();
    this.#choose(0);
  }

  close() {
    this.#list.hidden = true;
    this.#editor.area.removeAttribute("aria-activedescendant");
  }

  #option({ text, detail, description, deprecated }, index) {
    const name = element("span", { className: deprecated ? "name deprecated" : "name" }, text);
    const about = element("span", { className: "about" }, description.split("\n")[0]);
    const properties = { id: `suggestion-${index}`, role: "option", "aria-selected": "false" };
    const option = element("li", properties, name, element("span", { className: "t-type" }, detail), about);
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.#accept(index);
    });
    return option;
  }

  #place() {
    const caret = this.#editor.rectangleAt(this.#completion.start);
    const { offsetWidth: width, offsetHeight: height } = this.#list;
    const isBelow = caret.bottom + height <= innerHeight || caret.top < height;
    this.#list.style.left = `${Math.max(4, Math.min(caret.left, innerWidth - width - 4))}px`;
    this.#list.style.top = `${isBelow ? caret.bottom + 2 : caret.top - height - 2}px`;
  }

  #choose(index) {
    const options = [...this.#list.children];
    this.#chosen = (index + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", place === this.#chosen));
    options[this.#chosen].scrollIntoView({ block: "nearest" });
    this.#editor.area.setAttribute("aria-activedescendant", options[this.#chosen].id);
  }

  #accept(index) {
    const { start, end, offers } = this.#completion;
    this.#editor.replace(start, end, offers[index].text);
    this.close();
  }

  #onInput(event) {
    const typed = this.#editor.text.slice(0, this.#editor.caret);
    const isTyping = event.inputType === "insertText" && event.data?.length === 1 && STARTS.test(typed);
    const isErasing = this.#isOpen && event.inputType === "deleteContentBackward";
    if (isTyping || isErasing) this.open();
    else this.close();
  }

  #onMove() {
    const { selectionStart, selectionEnd } = this.#editor.area;
    if (selectionStart !== this.#caret || selectionEnd !== this.#caret) this.close();
  }

  #onKey(event) {
    if (event.key === " " && event.ctrlKey) {
      this.open();
      return event.preventDefault();
    }
    const action = this.#isOpen && !event.ctrlKey && !event.metaKey ? this.#actions()[event.key] : undefined;
    if (action === undefined) return undefined;
    action();
    return event.preventDefault();
  }

  #actions() {
    return {
      ArrowDown: () => this.#choose(this.#chosen + 1),
      ArrowUp: () => this.#choose(this.#chosen - 1),
      Enter: () => this.#accept(this.#chosen),
      Tab: () => this.#accept(this.#chosen),
      Escape: () => this.close(),
    };
  }
}
