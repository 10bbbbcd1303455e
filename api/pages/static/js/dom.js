// Elements from plain values. Strings become text nodes, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("button", { class: "x", onclick: f, "aria-label": "…" }, "text", child)`. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** An SVG element, made as `h` makes one of HTML. */
export function s(tag, properties = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** A picture of icons.svg. */
export function icon(name) {
  return s("svg", { "aria-hidden": "true" }, s("use", { href: `static/icons.svg#${name}` }));
}

export const byId = (id) => document.getElementById(id);

/** Has a screen reader say `text`, once. */
export const say = (text) => (byId("live").textContent = text);

/** Copies text; where the page is not a secure context (http beyond loopback) by the older way. */
export async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = h("textarea", { class: "hidden", readonly: true });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy refused");
}

/** Hands `text` to the browser as a file to save. */
export function save(name, text, type) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
