import { graphqlTokens } from "./tokens.js";

const KINDS = new Set(["query", "mutation", "subscription"]);
const OPENING = new Set(["{", "(", "["]);
const CLOSING = new Set(["}", ")", "]"]);

/** The operations of a document in order: { name or null, start, end }. */
export function operationsIn(text) {
  return definitionsIn(text).filter(({ keyword }) => keyword === "{" || KINDS.has(keyword));
}

function definitionsIn(text) {
  const found = [];
  let depth = 0;
  let isOpen = false;
  const tokens = graphqlTokens(text).filter(({ kind }) => kind !== "comment");
  tokens.forEach((token, index) => {
    if (!isOpen) found.push(definition(token, tokens[index + 1]));
    isOpen = true;
    found.at(-1).end = token.end;
    if (OPENING.has(token.text)) depth += 1;
    if (CLOSING.has(token.text)) depth = Math.max(0, depth - 1);
    if (depth === 0 && token.text === "}") isOpen = false;
  });
  return found;
}

function definition({ text, start }, next) {
  return { keyword: text, name: KINDS.has(text) && next?.kind === "name" ? next.text : null, start };
}

export function operationAround(operations, caret) {
  return operations.find(({ start, end }) => start <= caret && caret <= end) ?? null;
}

/** The fragments of a document: { name, type }. */
export function fragmentsIn(text) {
  return Array.from(text.matchAll(/\bfragment\s+(\w+)\s+on\s+(\w+)/g), ([, name, type]) => ({ name, type }));
}

export function variablesIn(text) {
  return [...new Set(Array.from(text.matchAll(/(\$\w+)\s*:/g), ([, name]) => name))];
}
