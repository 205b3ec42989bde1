import { fragmentsIn, variablesIn } from "./operations.js";
import { namedType, typeText } from "./schema.js";
import { graphqlTokens } from "./tokens.js";

const DEFINITIONS = ["query", "mutation", "subscription", "fragment"];
const OPERATIONS = new Set(["query", "mutation", "subscription"]);
const PREFIX = /^(name|variable|directive)$/;

/**
 * What can be written at the caret: { start, end, prefix, offers }, offers being { text, detail, description,
 * deprecated }. The tokens before the caret are read with a stack of what is open; `schema` may be null.
 */
export function completionAt(text, caret, schema) {
  const tokens = graphqlTokens(text).filter(({ start }) => start < caret);
  const touched = tokens.at(-1)?.end >= caret ? tokens.pop() : null;
  if (touched && isClosedToNames(touched, caret)) return { start: caret, end: caret, prefix: "", offers: [] };
  const isPrefix = touched !== null && PREFIX.test(touched.kind);
  if (touched && !isPrefix) tokens.push(touched);
  const reader = new Reader(schema, text);
  for (const token of tokens) if (token.kind !== "comment") reader.read(token);
  const [start, end] = isPrefix ? [touched.start, touched.end] : [caret, caret];
  const prefix = text.slice(start, caret);
  const offers = prefix.startsWith("@") ? reader.directives() : reader.offers();
  return { start, end, prefix, offers: matching(offers, prefix) };
}

function isClosedToNames({ kind, text, end }, caret) {
  const isText = kind === "string" || kind === "block";
  const isFinished = end === caret && text.length > 1 && text.endsWith('"');
  return kind === "comment" || kind === "number" || (isText && !isFinished);
}

function matching(offers, prefix) {
  const wanted = prefix.toLowerCase();
  const rank = ({ text }) => {
    const name = text.toLowerCase();
    if (name.startsWith(wanted)) return 0;
    return name.includes(wanted) ? 1 : 2;
  };
  const fitting = offers.filter((offer) => rank(offer) < 2);
  return fitting.sort((one, other) => rank(one) - rank(other));
}

class Reader {
  #schema;
  #text;
  #stack = [{ kind: "document", next: null }];
  #before = [];

  constructor(schema, text) {
    this.#schema = schema;
    this.#text = text;
  }

  get #top() {
    return this.#stack.at(-1);
  }

  #back(count) {
    return this.#before.at(-count)?.text;
  }

  read(token) {
    this[this.#top.kind](token);
    this.#before.push(token);
  }

  document({ text }) {
    const top = this.#top;
    if (OPERATIONS.has(text) && top.next === null) top.next = this.#schema?.roots[text];
    else if (this.#back(1) === "on") top.next = text;
    else if (text === "(") this.#stack.push({ kind: "variables", input: null });
    else if (text === "{") {
      this.#stack.push({ kind: "selection", type: top.next ?? this.#schema?.roots.query, next: null });
      top.next = null;
    }
  }

  selection({ kind, text }) {
    const top = this.#top;
    if (text === "...") top.next = top.type;
    else if (text === "{") this.#stack.push({ kind: "selection", type: top.next, next: null });
    else if (text === "}") this.#stack.pop();
    else if (text === "(") this.#stack.push({ kind: "inputs", inputs: top.inputs ?? [], input: null });
    else if (kind === "directive") top.inputs = this.#directive(text)?.args;
    else if (kind === "name" && this.#isCondition()) top.next = text;
    else if (kind === "name" && this.#back(1) !== "...") this.#enter(top, text);
  }

  #isCondition() {
    return this.#back(1) === "on" && this.#back(2) === "...";
  }

  #enter(frame, name) {
    const field = this.#schema?.field(frame.type, name);
    frame.next = namedType(field?.type);
    frame.inputs = field?.args;
  }

  #directive(text) {
    return this.#schema?.directives.find(({ name }) => `@${name}` === text);
  }

  /** Inside the brackets of arguments or the braces of an input object. */
  inputs({ text }) {
    const top = this.#top;
    if (text === ":") top.input = top.inputs.find(({ name }) => name === this.#back(1))?.type ?? null;
    else if (text === "{") this.#openObject(top.input);
    else if (text === "[") this.#stack.push({ kind: "list", input: top.input });
    else if (text === ")" || text === "}") this.#stack.pop();
  }

  list({ text }) {
    if (text === "{") this.#openObject(this.#top.input);
    else if (text === "[") this.#stack.push({ kind: "list", input: this.#top.input });
    else if (text === "]") this.#stack.pop();
  }

  variables({ kind, text }) {
    const top = this.#top;
    if (text === "{") this.#openObject(top.input);
    else if (text === ")") this.#stack.pop();
    else if (kind === "name" && this.#back(1) !== "=") top.input = { name: text };
  }

  #openObject(reference) {
    this.#stack.push({ kind: "inputs", inputs: this.#schema?.inputsOf(namedType(reference)) ?? [], input: null });
  }

  offers() {
    const top = this.#top;
    if (top.kind === "document") return this.#definitions();
    if (top.kind === "selection") return this.#selections(top);
    if (top.kind === "list") return this.#values(top.input);
    if (top.kind === "variables") return this.#declarations(top);
    return this.#back(1) === ":" ? this.#values(top.input) : top.inputs.map(offerOfInput);
  }

  directives() {
    return (this.#schema?.directives ?? []).map(({ name, description }) => offer(`@${name}`, "", { description }));
  }

  #definitions() {
    if (this.#back(1) === "on") return (this.#schema?.compositeTypes ?? []).map(offerOfType);
    return this.#top.next === null ? DEFINITIONS.map((keyword) => offer(keyword)) : [];
  }

  #selections({ type }) {
    if (this.#isCondition()) return (this.#schema?.conditionsOf(type) ?? []).map(offerOfType);
    if (this.#back(1) === "...") {
      return [offer("on"), ...fragmentsIn(this.#text).map((fragment) => offer(fragment.name, fragment.type))];
    }
    return (this.#schema?.fieldsOf(type) ?? []).map(offerOfInput);
  }

  #declarations({ input }) {
    if (this.#back(1) === "=") return this.#values(input);
    const isType = this.#back(1) === ":" || this.#back(1) === "[";
    return isType ? (this.#schema?.inputTypes ?? []).map(offerOfType) : [];
  }

  #values(reference) {
    const name = namedType(reference);
    const values = (this.#schema?.type(name)?.enumValues ?? []).map((value) => offer(value.name, name, value));
    const truths = name === "Boolean" ? [offer("true"), offer("false")] : [];
    const variables = variablesIn(this.#text).map((variable) => offer(variable));
    return [...values, ...truths, ...variables];
  }
}

function offer(text, detail = "", { description = "", isDeprecated = false } = {}) {
  return { text, detail, description: description ?? "", deprecated: isDeprecated };
}

const offerOfInput = (input) => offer(input.name, typeText(input.type), input);
const offerOfType = (type) => offer(type.name, "", type);
