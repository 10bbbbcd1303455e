// The routes, as openapi.json describes them.

import { byId, copy, h } from "./dom.js";
import { curl, parts, resolve, typeName } from "./schema.js";
import { heldKey, holdKey } from "./storage.js";

const TAGS = { ask: "提问 Asking", documents: "资料 Documents", batches: "批量 Batches", openai: "OpenAI 兼容 OpenAI-compatible", operations: "运行 Operations" };
const base = new URL("./", window.location.href).href;

/** Of Markdown what the document uses: **strong** and `code` … */
const inline = (text) => text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((piece) => {
  if (piece.startsWith("**")) return h("strong", {}, piece.slice(2, -2));
  return piece.startsWith("`") ? h("code", {}, piece.slice(1, -1)) : piece;
});

/** … and paragraphs. */
function prose(text) {
  return (text ?? "").split(/\n\s*\n/).filter(Boolean).map((paragraph) => h("p", {}, inline(paragraph)));
}

function row(name, schema, required, description, document) {
  const whole = resolve(schema, document);
  const given = whole.default === undefined || whole.default === null ? "" : `，默认 ${JSON.stringify(whole.default)}`;
  return h("tr", {},
    h("th", { scope: "row" }, h("code", {}, name), required ? h("span", { class: "docs-must" }, " 必填") : null),
    h("td", { class: "docs-type" }, typeName(schema) + given),
    h("td", {}, prose(description ?? whole.description)));
}

const fields = (rows) => h("table", { class: "docs-fields" }, h("tbody", {}, rows));

function properties(schema, document, asked) {
  // Of a reply it goes without saying.
  const required = asked ? schema.required ?? [] : [];
  return fields(Object.entries(schema.properties ?? {}).map(([name, property]) =>
    row(name, property, required.includes(name), property.description, document)));
}

/** A schema and every object in it, each a table; `asked`: of a request. */
function shape(schema, document, asked = false) {
  const found = [...parts(schema, document)];
  if (!found.length) return [h("p", { class: "docs-type" }, typeName(schema) || "—")];
  return found.map(([name, whole], place) => h("details", { open: place === 0 },
    h("summary", {}, h("code", {}, name), whole.description ? [" — ", inline(whole.description.split("\n")[0])] : null),
    properties(whole, document, asked)));
}

function code(text) {
  const button = h("button", { type: "button" }, "复制 Copy");
  button.addEventListener("click", async () => {
    await copy(text);
    button.textContent = "已复制 Copied";
  });
  return h("div", { class: "docs-code" }, h("pre", {}, h("code", {}, text)), button);
}

function route(method, path, operation, id, document) {
  const body = operation.requestBody?.content ?? {};
  const replies = Object.entries(operation.responses);
  const good = replies.filter(([status]) => status < "400");
  const bad = replies.filter(([status]) => status >= "400");
  return h("details", { class: "docs-route", id },
    h("summary", {},
      h("span", { class: "docs-method", "data-method": method }, method), h("code", {}, path),
      h("span", { class: "docs-says" }, inline((operation.description ?? operation.summary ?? "").split("\n")[0]))),
    h("div", { class: "docs-body" },
      prose((operation.description ?? "").split(/\n\s*\n/).slice(1).join("\n\n")),
      h("h4", {}, "例子 Example"), code(curl(method, path, operation, document, base)),
      operation.parameters?.length
        ? [h("h4", {}, "参数 Parameters"), fields(operation.parameters.map((given) =>
          row(`${given.name}`, given.schema, given.required, given.description, document)))]
        : null,
      Object.entries(body).map(([kind, { schema }]) => [
        h("h4", {}, "请求体 Body ", h("code", {}, kind)), shape(schema, document, true)]),
      good.map(([status, reply]) => [
        h("h4", {}, "回复 Reply ", h("span", { class: "docs-status" }, status)),
        Object.entries(reply.content ?? {}).map(([kind, { schema }]) => [
          kind === "application/json" ? null : h("p", { class: "docs-type" }, h("code", {}, kind)),
          shape(schema, document)])]),
      h("h4", {}, "错误 Errors"),
      fields(bad.map(([status, reply]) => h("tr", {},
        h("th", { scope: "row", class: "docs-status" }, status), h("td", {}, reply.description)))),
    ));
}

function show(document) {
  const groups = new Map();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [name, operation] of Object.entries(methods)) {
      const method = name.toUpperCase();
      const id = `${name}${path.replace(/[^A-Za-z0-9]+/g, "-")}`;
      const tag = operation.tags?.[0] ?? "other";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push({ method, path, id, card: route(method, path, operation, id, document) });
    }
  }
  byId("main").append(h("h1", {}, document.info.title, " ", h("small", {}, document.info.version)),
    h("div", { class: "docs-intro" }, prose(document.info.description)));
  for (const [tag, routes] of groups) {
    byId("nav").append(h("h2", {}, TAGS[tag] ?? tag), ...routes.map(({ method, path, id }) =>
      h("a", { href: `#${id}` }, h("span", { class: "docs-method", "data-method": method }, method), path)));
    byId("main").append(h("h2", {}, TAGS[tag] ?? tag), ...routes.map(({ card }) => card));
  }
  byId("main").setAttribute("aria-busy", "false");
  window.addEventListener("hashchange", reveal);
  reveal();
}

/** Opens the route that the address names. */
function reveal() {
  const card = byId(window.location.hash.slice(1));
  if (!card?.matches(".docs-route")) return;
  card.open = true;
  card.scrollIntoView();
}

async function load() {
  const headers = heldKey() ? { Authorization: `Bearer ${heldKey()}` } : {};
  const response = await fetch("openapi.json", { headers, credentials: "omit" });
  byId("key-form").hidden = response.status !== 401;
  if (response.status === 401) {
    byId("key-error").textContent = heldKey() ? "密钥无效，请检查。 The key is not valid; check it." : "";
    holdKey("");
    byId("key").focus();
    return;
  }
  const reply = await response.json();
  if (!response.ok) throw new Error(reply.error.message);
  // With a key the bare address would only be refused.
  byId("raw").hidden = Boolean(heldKey());
  show(reply);
}

const failed = (error) => byId("main").replaceChildren(h("p", { role: "alert" }, `无法读取接口说明：${error.message}`));

byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  holdKey(byId("key").value.trim());
  load().catch(failed);
});
load().catch(failed);
