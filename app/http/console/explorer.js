import { button, element } from "./dom.js";
import { namedType, typeParts } from "./schema.js";
import { say } from "./words.js";

const FOUND = 60;

/** The schema as pages: its operations and types, then a page for each type, and a search over all names. */
export class Explorer {
  #place;
  #schema = null;
  #path = [];
  #search = element("input", { type: "search", spellcheck: false, autocomplete: "off" });
  #page = element("div", { className: "page" });

  constructor(place) {
    this.#place = place;
    this.#search.placeholder = say("search");
    this.#search.setAttribute("aria-label", say("search"));
    this.#search.addEventListener("input", () => this.#draw());
  }

  show(schema) {
    this.#schema = schema;
    this.#path = this.#path.filter((name) => schema.type(name) !== null);
    this.#place.replaceChildren(this.#search, this.#page);
    this.#draw();
  }

  /** Says why there is no schema; `retry` is what can be done, if anything. */
  explain(message, retry = null) {
    this.#schema = null;
    const again = retry && button(say("tryAgain"), retry);
    this.#place.replaceChildren(element("p", { className: "note" }, message), ...(again ? [again] : []));
  }

  open(name) {
    this.#search.value = "";
    this.#path.push(name);
    this.#draw();
    this.#page.querySelector("h3").focus();
  }

  #back() {
    this.#path.pop();
    this.#draw();
    this.#search.focus();
  }

  #draw() {
    const words = this.#search.value.trim().toLowerCase();
    const type = this.#path.length > 0 ? this.#schema.type(this.#path.at(-1)) : null;
    if (words !== "") this.#page.replaceChildren(...this.#found(words));
    else this.#page.replaceChildren(...(type ? this.#typePage(type) : this.#contents()));
    this.#page.scrollTo(0, 0);
  }

  #found(words) {
    const found = [];
    for (const type of this.#schema.types) {
      if (type.name.toLowerCase().includes(words)) found.push(this.#link(type.name));
      for (const { name } of [...(type.fields ?? []), ...(type.inputFields ?? []), ...(type.enumValues ?? [])]) {
        if (name.toLowerCase().includes(words)) found.push(this.#link(type.name, `${type.name}.${name}`));
      }
    }
    if (found.length === 0) return [element("p", { className: "note" }, say("noMatches"))];
    return [list(found.slice(0, FOUND))];
  }

  #contents() {
    const { query, mutation, subscription } = this.#schema.roots;
    const roots = [query, mutation, subscription].filter(Boolean);
    const others = this.#schema.types.filter(({ name }) => !roots.includes(name));
    return [
      heading(say("roots")),
      list(roots.map((name) => this.#link(name))),
      heading(say("allTypes")),
      list(others.map(({ name }) => this.#link(name))),
    ];
  }

  #typePage(type) {
    return [
      button(`← ${say("back")}`, () => this.#back(), { className: "link" }),
      element("h3", { tabIndex: -1 }, type.name, " ", element("small", {}, say(type.kind))),
      ...prose(type.description),
      ...(type.isOneOf ? prose(say("oneOf")) : []),
      ...this.#names(say("implements"), type.interfaces),
      ...this.#names(say("possibleTypes"), type.possibleTypes),
      ...members(say("fields"), type.fields, (field) => this.#field(field)),
      ...members(say("inputFields"), type.inputFields, (input) => this.#input(input)),
      ...members(say("values"), type.enumValues, (value) => described(value, [strong(value)])),
    ];
  }

  #names(title, types) {
    return members(title, types, ({ name }) => element("li", {}, this.#link(name)));
  }

  #field(field) {
    const item = described(field, [strong(field), ": ", ...this.#reference(field.type)]);
    if (field.args.length > 0) {
      const inputs = field.args.map((input) => this.#input(input));
      item.append(element("ul", { className: "arguments", "aria-label": say("arguments") }, ...inputs));
    }
    return item;
  }

  #input(input) {
    const preset = input.defaultValue === null ? [] : [` = `, element("code", {}, input.defaultValue)];
    return described(input, [strong(input), ": ", ...this.#reference(input.type), ...preset]);
  }

  #reference(reference) {
    const [before, , after] = typeParts(reference);
    return [before, this.#link(namedType(reference)), after];
  }

  #link(name, label = name) {
    return button(label, () => this.open(name), { className: "link t-type" });
  }
}

function members(title, items, draw) {
  if (!items || items.length === 0) return [];
  return [heading(title), element("ul", { className: "members" }, ...items.map(draw))];
}

function described({ description, isDeprecated, deprecationReason }, line) {
  const reason = deprecationReason ?? "";
  const warning = isDeprecated ? element("p", { className: "warning" }, say("deprecated", { reason })) : null;
  return element("li", {}, element("div", { className: "line" }, ...line), ...prose(description), warning);
}

function strong({ name, isDeprecated }) {
  return element("strong", { className: isDeprecated ? "deprecated" : "" }, name);
}

/** A description's paragraphs, with what stands in backquotes as code. */
function prose(description) {
  const paragraphs = (description ?? "").split(/\n\s*\n/).filter((text) => text.trim() !== "");
  return paragraphs.map((text) => {
    const parts = text.trim().split("`");
    return element("p", {}, ...parts.map((part, index) => (index % 2 ? element("code", {}, part) : part)));
  });
}

const heading = (text) => element("h4", {}, text);
const list = (links) => element("ul", { className: "names" }, ...links.map((link) => element("li", {}, link)));
