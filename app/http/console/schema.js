// Deep enough for a list of lists, all of them non-null.
const TYPE_REFERENCE = `kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name } } } } }`;
const INPUT = `name description defaultValue isDeprecated deprecationReason type { ${TYPE_REFERENCE} }`;

export const INTROSPECTION = `query ReadSchema {
  __schema {
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    directives { name description args { ${INPUT} } }
    types {
      kind name description isOneOf
      fields(includeDeprecated: true) {
        name description isDeprecated deprecationReason
        args(includeDeprecated: true) { ${INPUT} }
        type { ${TYPE_REFERENCE} }
      }
      inputFields(includeDeprecated: true) { ${INPUT} }
      interfaces { name }
      enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
      possibleTypes { name }
    }
  }
}`;

const TYPENAME = {
  name: "__typename",
  description: null,
  args: [],
  type: { kind: "NON_NULL", name: null, ofType: { kind: "SCALAR", name: "String" } },
};
const INPUT_KINDS = new Set(["SCALAR", "ENUM", "INPUT_OBJECT"]);

/** What introspection tells, looked up by name. Unknown names answer null or an empty list. */
export class Schema {
  #types;

  constructor({ types, directives, queryType, mutationType, subscriptionType }) {
    this.#types = new Map(types.map((type) => [type.name, type]));
    this.directives = directives;
    this.roots = {
      query: queryType?.name,
      mutation: mutationType?.name,
      subscription: subscriptionType?.name,
    };
  }

  type(name) {
    return this.#types.get(name) ?? null;
  }

  /** The types of the API itself, without introspection's own, by name. */
  get types() {
    const own = [...this.#types.values()].filter(({ name }) => !name.startsWith("__"));
    return own.sort((one, other) => one.name.localeCompare(other.name, "en"));
  }

  get inputTypes() {
    return this.types.filter(({ kind }) => INPUT_KINDS.has(kind));
  }

  get compositeTypes() {
    return this.types.filter(({ kind }) => ["OBJECT", "INTERFACE", "UNION"].includes(kind));
  }

  /** What can be selected on a type, `__typename` last. */
  fieldsOf(name) {
    const type = this.type(name);
    return type === null || INPUT_KINDS.has(type.kind) ? [] : [...(type.fields ?? []), TYPENAME];
  }

  field(typeName, name) {
    return this.fieldsOf(typeName).find((field) => field.name === name) ?? null;
  }

  inputsOf(name) {
    return this.type(name)?.inputFields ?? [];
  }

  /** The types that a fragment on this type may name. */
  conditionsOf(name) {
    const type = this.type(name);
    if (type === null) return [];
    const near = [...(type.possibleTypes ?? []), ...(type.interfaces ?? [])];
    return [type, ...near.map((one) => this.type(one.name))].filter((one) => one !== null);
  }
}

/** The name inside lists and non-nulls. */
export function namedType(reference) {
  let inner = reference;
  while (inner?.ofType) inner = inner.ofType;
  return inner?.name ?? null;
}

/** A type reference in pieces, for example ["[", "Goal", "!]!"]; the middle one is the name. */
export function typeParts(reference) {
  if (reference.kind === "NON_NULL") {
    const [before, name, after] = typeParts(reference.ofType);
    return [before, name, `${after}!`];
  }
  if (reference.kind === "LIST") {
    const [before, name, after] = typeParts(reference.ofType);
    return [`[${before}`, name, `${after}]`];
  }
  return ["", reference.name, ""];
}

export const typeText = (reference) => typeParts(reference).join("");
