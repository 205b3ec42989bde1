import { AnswerPane } from "./answer.js";
import { byId } from "./dom.js";
import { Editor } from "./editor.js";
import { Explorer } from "./explorer.js";
import { prettyJson, prettyQuery } from "./format.js";
import { History } from "./history.js";
import { OperationPicker } from "./picker.js";
import { Introspection } from "./introspection.js";
import { ask } from "./request.js";
import { Side } from "./side.js";
import { Suggestions } from "./suggestions.js";
import { TokenField } from "./token.js";
import { graphqlTokens, jsonTokens } from "./tokens.js";
import { Variables } from "./variables.js";
import { say, translate } from "./words.js";

const EXAMPLE = "{ viewer { stakeholder { id name kind } roles } }";
const DRAFT = "allround.console.draft";

translate(document);

const query = new Editor(byId("query"), { label: say("query"), tokens: graphqlTokens, comment: "# " });
const variablesText = new Editor(byId("variables"), { label: say("variables"), tokens: jsonTokens });
const variables = new Variables(variablesText);
const picker = new OperationPicker(query);
const token = new TokenField();
const explorer = new Explorer(byId("explorer"));
const introspection = new Introspection({ token, explorer, note: byId("schema-note") });
const suggestions = new Suggestions(query, () => introspection.schema);
const answer = new AnswerPane((line, column) => query.goTo(line, column));
const history = new History(byId("history"), restore);
const side = new Side();
let running = null;

async function run() {
  if (running !== null) return;
  const sendable = variables.sendable;
  if (sendable === null) return variablesText.area.focus();
  if (!token.isSendable) return token.focus();
  const request = { query: query.text, variables: sendable, operationName: picker.name };
  history.add(request);
  running = new AbortController();
  showRunning();
  answer.wait();
  const outcome = await ask(request, token.value, running.signal);
  running = null;
  showRunning();
  answer.show(outcome);
}

function showRunning() {
  byId("run").textContent = say(running === null ? "run" : "stop");
}

/** The query last, so that it is what the next undo takes back. */
function prettify() {
  if (variables.sendable !== null && variablesText.text.trim() !== "") {
    variablesText.replace(0, variablesText.text.length, prettyJson(variables.sendable));
  }
  const pretty = prettyQuery(query.text);
  if (pretty !== null && pretty !== query.text) query.replace(0, query.text.length, pretty);
  query.area.focus();
  byId("ask-note").textContent = pretty === null ? say("unformattable") : "";
}

function restore({ query: text, variables: values }) {
  query.text = text;
  variablesText.text = values === "{}" ? "" : values;
  if (innerWidth < 900) side.close();
}

function keepDraft() {
  byId("ask-note").textContent = "";
  sessionStorage.setItem(DRAFT, JSON.stringify({ query: query.text, variables: variablesText.text }));
}

function readSchema() {
  if (token.isSendable) introspection.start();
  else byId("schema-note").textContent = say("tokenUnfit");
}

restore(JSON.parse(sessionStorage.getItem(DRAFT)) ?? { query: prettyQuery(EXAMPLE), variables: "" });
query.addEventListener("change", keepDraft);
variablesText.addEventListener("change", keepDraft);
token.addEventListener("change", readSchema);
byId("run").onclick = () => (running === null ? run() : running.abort());
byId("prettify").onclick = prettify;
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  suggestions.close();
  run();
});
showRunning();
readSchema();
