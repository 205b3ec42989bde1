import { element } from "./dom.js";
import { painted } from "./tokens.js";

const STEP = "  ";
const PAIRS = { "{": "}", "(": ")", "[": "]", '"': '"' };
const TEXT_KINDS = new Set(["comment", "string", "block"]);

/**
 * A text area whose text is painted by a layer beneath it, with line numbers. `tokens` reads the language,
 * `comment` begins a comment in it.
 * It sends "change" when its text changes and "caret" when the caret moves.
 */
export class Editor extends EventTarget {
  #tokens;
  #comment;
  #paint = element("pre", { className: "paint", "aria-hidden": "true" });
  #gutter = element("pre", { className: "gutter", "aria-hidden": "true" });
  #isLeaving = false;

  constructor(place, { label, tokens, comment = null }) {
    super();
    this.#tokens = tokens;
    this.#comment = comment;
    this.area = element("textarea", {
      spellcheck: false,
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
      "aria-label": label,
      "aria-describedby": "editor-keys",
    });
    place.append(this.#gutter, element("div", { className: "code" }, this.#paint, this.area));
    this.area.addEventListener("input", () => this.#changed());
    this.area.addEventListener("scroll", () => this.#follow());
    this.area.addEventListener("beforeinput", (event) => this.#completePair(event));
    this.area.addEventListener("keydown", (event) => this.#onKey(event));
    this.area.addEventListener("blur", () => (this.#isLeaving = false));
    document.addEventListener("selectionchange", () => this.#moved());
    this.#draw();
  }

  get text() {
    return this.area.value;
  }

  /** Replaces everything, and forgets what could be undone. */
  set text(text) {
    this.area.value = text;
    this.#changed();
  }

  get caret() {
    return this.area.selectionStart;
  }

  /** Replaces a part as if it had been typed, so that it can be undone. */
  replace(start, end, text) {
    this.area.focus();
    this.area.setSelectionRange(start, end);
    // The old command is the only way into the undo history of a text area.
    document.execCommand(text === "" ? "delete" : "insertText", false, text);
  }

  /** Puts the caret at a line and column, both counted from 1. */
  goTo(line, column) {
    const before = this.text.split("\n").slice(0, line - 1);
    const offset = before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
    this.area.focus();
    this.area.setSelectionRange(offset, offset);
  }

  /** Where a position of the text stands on the screen. */
  rectangleAt(offset) {
    const walker = document.createTreeWalker(this.#paint, NodeFilter.SHOW_TEXT);
    let left = offset;
    while (walker.nextNode()) {
      const { length } = walker.currentNode;
      if (left < length) {
        const range = document.createRange();
        range.setStart(walker.currentNode, left);
        range.setEnd(walker.currentNode, left + 1);
        return range.getClientRects()[0];
      }
      left -= length;
    }
    return this.#paint.getBoundingClientRect();
  }

  #changed() {
    this.#draw();
    this.dispatchEvent(new Event("change"));
  }

  #moved() {
    if (document.activeElement === this.area) this.dispatchEvent(new Event("caret"));
  }

  #draw() {
    // The last line needs a character to have a height and a place.
    this.#paint.replaceChildren(painted(this.text, this.#tokens(this.text)), "\n ");
    const lines = this.text.split("\n").length;
    this.#gutter.textContent = Array.from({ length: lines }, (_, index) => index + 1).join("\n");
    this.#follow();
  }

  #follow() {
    const { scrollLeft, scrollTop } = this.area;
    this.#paint.style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`;
    this.#gutter.style.transform = `translateY(${-scrollTop}px)`;
  }

  #onKey(event) {
    if (event.defaultPrevented || event.isComposing) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") this.#isLeaving = true;
    else if (event.key === "Tab" && !this.#isLeaving && !isCommand) this.#indent(event);
    else if (event.key === "Enter" && !isCommand) this.#breakLine(event);
    else if (event.key === "Backspace") this.#erasePair(event);
    else if (event.key === "/" && isCommand) this.#toggleComments(event);
    if (event.key !== "Escape" && event.key !== "Tab" && event.key !== "Shift") this.#isLeaving = false;
  }

  #indent(event) {
    event.preventDefault();
    const { selectionStart: start, selectionEnd: end } = this.area;
    if (event.shiftKey) this.#eachLine((line) => line.replace(/^ {1,2}/, ""));
    else if (this.text.slice(start, end).includes("\n")) this.#eachLine((line) => STEP + line);
    else this.replace(start, end, STEP);
  }

  #toggleComments(event) {
    if (this.#comment === null) return;
    event.preventDefault();
    const sign = this.#comment.trim();
    const isComment = (line) => line.trim() === "" || line.trimStart().startsWith(sign);
    this.#eachLine((line, lines) => {
      if (!lines.every(isComment)) return line.replace(/^\s*(?=\S)/, `$&${this.#comment}`);
      return line.replace(this.#comment, "").replace(sign, "");
    });
  }

  #eachLine(change) {
    const { selectionStart, selectionEnd } = this.area;
    const start = this.text.lastIndexOf("\n", selectionStart - 1) + 1;
    const lineEnd = this.text.indexOf("\n", selectionEnd);
    const end = lineEnd < 0 ? this.text.length : lineEnd;
    const lines = this.text.slice(start, end).split("\n");
    const changed = lines.map((line) => change(line, lines));
    this.replace(start, end, changed.join("\n"));
    const last = start + changed.join("\n").length;
    const caret = Math.max(start, selectionEnd + last - end);
    if (selectionStart === selectionEnd) this.area.setSelectionRange(caret, caret);
    else this.area.setSelectionRange(start, last);
  }

  #breakLine(event) {
    event.preventDefault();
    const { selectionStart: start, selectionEnd: end } = this.area;
    const line = this.text.slice(this.text.lastIndexOf("\n", start - 1) + 1, start);
    const indent = line.match(/^ */)[0];
    const opened = PAIRS[line.trimEnd().at(-1)];
    const isOpened = opened !== undefined && opened !== '"';
    const inner = isOpened ? indent + STEP : indent;
    const isBetween = isOpened && this.text[end] === opened;
    this.replace(start, end, `\n${inner}${isBetween ? `\n${indent}` : ""}`);
    const caret = start + 1 + inner.length;
    this.area.setSelectionRange(caret, caret);
  }

  #completePair(event) {
    if (event.inputType !== "insertText" || event.data?.length !== 1) return;
    const { selectionStart: start, selectionEnd: end } = this.area;
    const next = this.text[end] ?? "";
    if (Object.values(PAIRS).includes(event.data) && next === event.data && start === end) {
      event.preventDefault();
      this.area.setSelectionRange(end + 1, end + 1);
    } else if (event.data in PAIRS && this.#canPair(event.data, start, next)) {
      event.preventDefault();
      this.replace(start, end, event.data + this.text.slice(start, end) + PAIRS[event.data]);
      this.area.setSelectionRange(start + 1, end + 1);
    }
  }

  #canPair(sign, start, next) {
    const before = this.#tokens(this.text).findLast((token) => token.start < start);
    const isInText = TEXT_KINDS.has(before?.kind) && start <= before.end;
    return !isInText && (sign !== '"' || this.text[start - 1] !== '"') && /^$|[\s)}\],]/.test(next);
  }

  #erasePair(event) {
    const { selectionStart: start, selectionEnd: end } = this.area;
    if (start !== end || start === 0 || PAIRS[this.text[start - 1]] !== this.text[start]) return;
    event.preventDefault();
    this.replace(start - 1, start + 1, "");
  }
}
