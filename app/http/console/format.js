import { graphqlTokens, jsonTokens } from "./tokens.js";

const WIDTH = 90;
const STEP = "  ";
const OPERATIONS = new Set(["query", "mutation", "subscription"]);
const CLOSING = { "{": "}", "(": ")", "[": "]" };

/** The document laid out anew, comments and blank lines kept; null when its brackets or quotes do not match. */
export function prettyQuery(text) {
  const tokens = graphqlTokens(text);
  const items = tokens.some(isBroken) ? null : nested(tokens, text);
  if (items === null) return null;
  return stacked(divided(items, startsDefinition), "", false);
}

/** JSON text laid out anew, its numbers as they were written. The text must be valid. */
export function prettyJson(text) {
  const tokens = jsonTokens(text);
  let indent = "\n";
  const out = tokens.map(({ text: sign }, index) => {
    if (sign === "{" || sign === "[") {
      indent += STEP;
      return isClosing(tokens[index + 1]) ? sign : sign + indent;
    }
    if (isClosing(tokens[index])) {
      indent = indent.slice(0, -STEP.length);
      return ["{", "["].includes(tokens[index - 1].text) ? sign : indent + sign;
    }
    if (sign === ",") return sign + indent;
    return sign === ":" ? ": " : sign;
  });
  return out.join("");
}

const isClosing = ({ text }) => text === "}" || text === "]";

function isBroken({ kind, text }) {
  if (kind === "string") return text.length < 2 || !text.endsWith('"') || /[^\\](\\\\)*\\"$/.test(text);
  if (kind === "block") return text.length < 6 || !text.endsWith('"""') || text.endsWith('\\"""');
  return kind === "invalid";
}

/** Tokens as a tree: what stands in brackets is one item { open, items }. `lines`: line ends before an item. */
function nested(tokens, text) {
  const root = { items: [] };
  const path = [root];
  let end = 0;
  for (const token of tokens) {
    const lines = text.slice(end, token.start).split("\n").length - 1;
    end = token.end;
    const group = path.at(-1);
    if (token.text in CLOSING) {
      const inner = { open: token.text, items: [], lines };
      group.items.push(inner);
      path.push(inner);
    } else if (Object.values(CLOSING).includes(token.text)) {
      if (CLOSING[group.open] !== token.text) return null;
      path.pop();
    } else group.items.push({ ...token, lines, isOutermost: group === root });
  }
  return path.length === 1 ? root.items : null;
}

/** Items cut into runs, each of which begins where `starts` says; a comment is a run of its own. */
function divided(items, starts) {
  const runs = [];
  items.forEach((item, index) => {
    const alone = isComment(item) || isComment(items[index - 1]);
    if (index === 0 || alone || starts(items, index)) runs.push([]);
    runs.at(-1).push(item);
  });
  return runs;
}

const isComment = (item) => item?.kind === "comment";
const isName = (item) => item?.kind === "name";

const startsDefinition = (items, index) => items[index - 1].open === "{";

function startsSelection(items, index) {
  const [item, before, earlier] = [items[index], items[index - 1], items[index - 2]];
  if (item.text === "...") return true;
  const isCondition = before.text === "on" && earlier?.text === "...";
  return isName(item) && before.text !== ":" && before.text !== "..." && !isCondition;
}

const startsPair = (items, index) => items[index + 1]?.text === ":";
const startsElement = (items, index) => items[index].text !== "!";

/** Runs one below the other; a comment that followed something on its line still does. */
function stacked(runs, indent, inValue) {
  let out = "";
  runs.forEach((run, index) => {
    const isDefinition = !inValue && indent === "" && runs[index - 1]?.at(-1).open === "{";
    if (index > 0 && isComment(run[0]) && run[0].lines === 0) out += " ";
    else if (index > 0) out += (run[0].lines > 1 || isDefinition ? "\n\n" : "\n") + indent;
    out += joined(run, indent, inValue);
  });
  return out;
}

function joined(items, indent, inValue) {
  let out = "";
  items.forEach((item, index) => {
    out += gap(items[index - 1], item);
    if (!item.items) out += item.text;
    else if (item.open === "{" && !inValue) out += braces(item, indent);
    else out += values(item, indent, column(out, indent));
  });
  return out;
}

function gap(before, item) {
  if (before === undefined || item.text === ":" || item.text === "!") return "";
  if (item.open === "(") return before.isOutermost && OPERATIONS.has(before.text) ? " " : "";
  return before.text === "..." && isName(item) && item.text !== "on" ? "" : " ";
}

function column(out, indent) {
  const lineStart = out.lastIndexOf("\n") + 1;
  return lineStart === 0 ? indent.length + out.length : out.length - lineStart;
}

function braces({ items }, indent) {
  if (items.length === 0) return "{}";
  const inner = indent + STEP;
  return `{\n${inner}${stacked(divided(items, startsSelection), inner, false)}\n${indent}}`;
}

function values({ open, items }, indent, start) {
  const runs = divided(items, open === "[" ? startsElement : startsPair);
  const pad = open === "{" && items.length > 0 ? " " : "";
  const flat = open + pad + runs.map((run) => joined(run, indent, true)).join(", ") + pad + CLOSING[open];
  const hasComment = runs.some(([first]) => isComment(first));
  if (!hasComment && !flat.includes("\n") && start + flat.length <= WIDTH) return flat;
  const inner = indent + STEP;
  return `${open}\n${inner}${stacked(runs, inner, true)}\n${indent}${CLOSING[open]}`;
}
