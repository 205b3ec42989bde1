import { byId, element } from "./dom.js";
import { operationAround, operationsIn } from "./operations.js";
import { say } from "./words.js";

/** Which of a document's operations is run: the one last chosen, or the one the caret last stood in. */
export class OperationPicker {
  #editor;
  #choice = byId("operation-choice");
  #select = byId("operation");
  #around = null;

  constructor(editor) {
    this.#editor = editor;
    editor.addEventListener("change", () => this.#list());
    editor.addEventListener("caret", () => this.#follow());
  }

  /** The name to send: null when there is only one operation or the chosen one has no name. */
  get name() {
    return this.#select.value || null;
  }

  #list() {
    const operations = operationsIn(this.#editor.text);
    const chosen = this.#select.value;
    const names = operations.map(({ name }) => name);
    this.#select.replaceChildren(
      ...names.map((name) => element("option", { value: name ?? "" }, name ?? say("unnamed"))),
    );
    if (names.includes(chosen)) this.#select.value = chosen;
    this.#choice.hidden = operations.length < 2;
  }

  #follow() {
    const around = operationAround(operationsIn(this.#editor.text), this.#editor.caret);
    // Only a move into another operation chooses: who picked one from the list keeps it while typing.
    if (around !== null && around.name !== this.#around) this.#select.value = around.name ?? "";
    this.#around = around?.name;
  }
}
