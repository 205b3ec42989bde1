import { byId } from "./dom.js";

const KEY = "allround.console.token";
const SENDABLE = /^[\x21-\x7e]*$/;

/** The field of the access token, kept for this tab only. It sends "change" when another token is given. */
export class TokenField extends EventTarget {
  #field = byId("token");

  constructor() {
    super();
    this.#field.value = sessionStorage.getItem(KEY) ?? "";
    this.#field.addEventListener("change", () => this.#keep());
  }

  /** What is sent; whoever copied the whole header may leave "Bearer" in front. */
  get value() {
    return this.#field.value.trim().replace(/^Bearer\s+/i, "");
  }

  /** Whether it can stand in a header at all. */
  get isSendable() {
    return SENDABLE.test(this.value);
  }

  focus() {
    this.#field.focus();
  }

  #keep() {
    if (this.value === "") sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, this.value);
    this.#field.setAttribute("aria-invalid", !this.isSendable);
    this.dispatchEvent(new Event("change"));
  }
}
