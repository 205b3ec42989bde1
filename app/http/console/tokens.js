const GRAPHQL = new RegExp(
  [
    /(?<comment>#[^\n\r]*)/,
    /(?<block>"""(?:\\"""|[^])*?(?:"""|$))/,
    /(?<string>"(?:\\.|[^"\\\n\r])*"?)/,
    /(?<variable>\$\w*)/,
    /(?<directive>@\w*)/,
    /(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/,
    /(?<name>[A-Za-z_]\w*)/,
    /(?<punctuation>\.\.\.|[!()[\]{}:=|&])/,
    /(?<invalid>[^\s,\uFEFF])/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gu",
);

const JSON_TEXT = new RegExp(
  [
    /(?<key>"(?:\\.|[^"\\\n\r])*"(?=\s*:))/,
    /(?<string>"(?:\\.|[^"\\\n\r])*"?)/,
    /(?<number>-?\d[\d.eE+-]*)/,
    /(?<literal>true|false|null)/,
    /(?<punctuation>[[\]{}:,])/,
    /(?<invalid>\S)/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gu",
);

const KEYWORDS = new Set(["query", "mutation", "subscription", "fragment", "on", "true", "false", "null"]);

/** The tokens of a GraphQL document, comments among them: { kind, text, start, end }. Never throws. */
export const graphqlTokens = (text) => scan(text, GRAPHQL);
export const jsonTokens = (text) => scan(text, JSON_TEXT);

function scan(text, grammar) {
  return Array.from(text.matchAll(grammar), (match) => {
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    return { kind, text: match[0], start: match.index, end: match.index + match[0].length };
  });
}

/** The text as a document fragment in which each token stands in a span that is coloured by its class. */
export function painted(text, tokens) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const token of tokens) {
    const span = document.createElement("span");
    span.className = `t-${colour(token)}`;
    span.textContent = token.text;
    fragment.append(text.slice(end, token.start), span);
    end = token.end;
  }
  fragment.append(text.slice(end));
  return fragment;
}

function colour(token) {
  if (token.kind !== "name") return token.kind;
  if (KEYWORDS.has(token.text)) return "keyword";
  return /^[A-Z]/.test(token.text) ? "type" : "name";
}
