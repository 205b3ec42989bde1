import { byId } from "./dom.js";
import { say } from "./words.js";

/** The pane of the variables: it tells at once what is wrong with their JSON. */
export class Variables {
  #editor;
  #problem = byId("variables-problem");

  constructor(editor) {
    this.#editor = editor;
    editor.addEventListener("change", () => this.#tell());
  }

  /** The text to send, or null when it is not a JSON object. */
  get sendable() {
    const text = this.#editor.text.trim() || "{}";
    return problemOf(text) === null ? text : null;
  }

  #tell() {
    const problem = problemOf(this.#editor.text.trim() || "{}");
    this.#problem.textContent = problem ?? "";
    this.#editor.area.setAttribute("aria-invalid", problem !== null);
  }
}

function problemOf(text) {
  try {
    const value = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? null : say("variablesNotObject");
  } catch (error) {
    return say("variablesBroken", { reason: error.message });
  }
}
