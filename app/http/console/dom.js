/** Builds an element; a property that starts with "aria-" or "data-" or is named "role" becomes an attribute. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (/^(aria-|data-|role$)/.test(name)) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function button(content, onclick, properties = {}) {
  return element("button", { type: "button", onclick, ...properties }, ...[content].flat());
}

export const byId = (id) => document.getElementById(id);
