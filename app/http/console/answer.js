import { button, byId, element } from "./dom.js";
import { prettyJson } from "./format.js";
import { jsonTokens, painted } from "./tokens.js";
import { duration, say, size } from "./words.js";

/** Longer answers are shown without colours, which would cost more than they help. */
const PAINTED = 300_000;

/** The pane of the answer; `goTo(line, column)` leads from an error to its place in the query. */
export class AnswerPane {
  #goTo;
  #body = byId("body");
  #problems = byId("problems");
  #status = byId("status");
  #copy = byId("copy");

  constructor(goTo) {
    this.#goTo = goTo;
    this.#copy.onclick = () => this.#copyBody();
  }

  wait() {
    this.#status.textContent = say("running");
    this.#body.setAttribute("aria-busy", "true");
  }

  show(outcome) {
    this.#body.removeAttribute("aria-busy");
    const problems = this.#problemsOf(outcome);
    this.#problems.replaceChildren(...problems);
    this.#problems.hidden = problems.length === 0;
    this.#status.textContent = statusOf(outcome);
    this.#showBody(outcome);
  }

  #showBody({ text = "", json }) {
    const shown = json === undefined ? text : prettyJson(text);
    const isPainted = json !== undefined && shown.length <= PAINTED;
    this.#body.replaceChildren(isPainted ? painted(shown, jsonTokens(shown)) : shown);
    this.#body.scrollTo(0, 0);
    this.#body.scrollIntoView({ block: "nearest" });
    this.#copy.hidden = shown === "";
    this.#copy.textContent = say("copy");
  }

  #problemsOf({ kind, json, reason, type, retryAfter }) {
    const problems = [];
    if (kind === "unreachable") problems.push(problem(say("unreachable", { reason })));
    if (kind === "garbled") problems.push(problem(say("garbled", { type })));
    if (retryAfter) problems.push(problem(say("retryAfter", { seconds: retryAfter })));
    return [...problems, ...errorsOf(json).map((error) => this.#errorItem(error))];
  }

  #errorItem({ message, path, locations, extensions }) {
    const details = [];
    if (extensions?.code) details.push(element("code", {}, String(extensions.code)));
    if (Array.isArray(path)) details.push(element("code", {}, path.join(".")));
    for (const { line, column } of Array.isArray(locations) ? locations : []) {
      details.push(button(say("at", { line, column }), () => this.#goTo(line, column), { className: "link" }));
    }
    return problem(String(message), details);
  }

  async #copyBody() {
    await navigator.clipboard.writeText(this.#body.textContent);
    this.#copy.textContent = say("copied");
  }
}

function problem(message, details = []) {
  return element("li", {}, element("span", {}, message), ...details.flatMap((detail) => [" ", detail]));
}

function errorsOf(json) {
  const errors = Array.isArray(json?.errors) ? json.errors : [];
  return errors.filter((error) => error !== null && typeof error === "object");
}

function statusOf({ kind, status, time, bytes, json }) {
  if (kind === "stopped") return say("stopped");
  if (kind === "unreachable") return say("noAnswer");
  const answered = say("answered", { status, time: duration(time), size: size(bytes) });
  const count = errorsOf(json).length;
  if (count === 0) return answered;
  return `${answered} · ${count === 1 ? say("oneError") : say("errorCount", { count })}`;
}
