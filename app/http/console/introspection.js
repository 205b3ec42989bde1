import { ask } from "./request.js";
import { INTROSPECTION, Schema } from "./schema.js";
import { say } from "./words.js";

/** Reads the schema as whoever holds the token, and tells the explorer and a note when that is refused. */
export class Introspection {
  schema = null;
  #token;
  #explorer;
  #note;
  #reading = null;

  constructor({ token, explorer, note }) {
    this.#token = token;
    this.#explorer = explorer;
    this.#note = note;
  }

  /** Starts again, leaving a reading that is under way. */
  async start() {
    this.#reading?.abort();
    const reading = (this.#reading = new AbortController());
    this.schema = null;
    this.#note.textContent = "";
    this.#explorer.explain(say("schemaLoading"));
    const outcome = await ask({ query: INTROSPECTION, operationName: "ReadSchema" }, this.#token.value, reading.signal);
    if (!reading.signal.aborted) this.#take(outcome);
  }

  #take(outcome) {
    const told = outcome.json?.data?.__schema;
    if (told) {
      this.schema = new Schema(told);
      this.#explorer.show(this.schema);
      return;
    }
    const message = this.#reasonOf(outcome);
    this.#note.textContent = message;
    this.#explorer.explain(message, () => this.start());
  }

  #reasonOf({ kind, json, reason, status }) {
    if (kind !== "answer") return say("schemaFailed", { reason: reason ?? status });
    if (this.#token.value === "") return say("schemaSignIn");
    return say("schemaRefused", { reason: json?.errors?.[0]?.message ?? status });
  }
}
