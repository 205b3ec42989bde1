/** Where this page came from: the API is under the same address, the question mark's part included. */
const endpoint = location.pathname + location.search;

/**
 * Sends one request and never throws. `variables` is the text of a JSON object. Answers { kind, … }:
 * "answer" { status, retryAfter, text, json, bytes, time }, "garbled" (the same with `type` and no `json`),
 * "unreachable" { reason } or "stopped". Time is in milliseconds.
 */
export async function ask({ query, variables = "{}", operationName = null }, token, signal) {
  const headers = {
    "content-type": "application/json",
    accept: "application/graphql-response+json, application/json",
  };
  if (token) headers.authorization = `Bearer ${token}`;
  // Variables are not parsed and printed again: a number of many digits would lose some.
  const [document, name] = [query, operationName].map((value) => JSON.stringify(value));
  const body = `{"query":${document},"variables":${variables},"operationName":${name}}`;
  const start = performance.now();
  try {
    const response = await fetch(endpoint, { method: "POST", headers, body, signal });
    const content = await response.arrayBuffer();
    return read(response, content, performance.now() - start);
  } catch (error) {
    return signal?.aborted ? { kind: "stopped" } : { kind: "unreachable", reason: error.message };
  }
}

function read(response, content, time) {
  const text = new TextDecoder().decode(content);
  const answer = {
    kind: "answer",
    status: `${response.status} ${response.statusText}`.trim(),
    retryAfter: response.headers.get("retry-after"),
    text,
    bytes: content.byteLength,
    time,
  };
  try {
    return { ...answer, json: JSON.parse(text) };
  } catch {
    return { ...answer, kind: "garbled", type: response.headers.get("content-type") ?? "–" };
  }
}
