// What a JSON schema says, in words and as an example.

/** The schema that `$ref` names; any other as it is. */
export function resolve(schema, document) {
  const name = schema?.$ref?.split("/").pop();
  return name ? document.components.schemas[name] ?? {} : schema ?? {};
}

/** The alternatives of a schema without null; one where there is no choice. */
const choices = (schema) => (schema.anyOf ?? schema.oneOf ?? [schema]).filter((choice) => choice.type !== "null");

/** A type in a word or two: `string`, `Message[]`, `"auto" | "llm"`, `integer ≥ 1, ≤ 50`. */
export function typeName(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf || schema.oneOf) {
    const nullable = (schema.anyOf ?? schema.oneOf).some((choice) => choice.type === "null");
    return [...choices(schema).map(typeName), ...(nullable ? ["null"] : [])].join(" | ");
  }
  if (schema.type === "array") return `${typeName(schema.items) || "any"}[]`;
  const bounds = [
    schema.format ?? (schema.contentMediaType && "file"),
    schema.minimum !== undefined && `≥ ${schema.minimum}`,
    schema.maximum !== undefined && `≤ ${schema.maximum}`,
    schema.maxLength !== undefined && `≤ ${schema.maxLength} 字符`,
  ].filter(Boolean);
  return [schema.type ?? "any", bounds.join(", ")].filter(Boolean).join(" ");
}

/** The object schemas that `schema` leads to, by name, nearest first. */
export function parts(schema, document, found = new Map(), depth = 0) {
  if (!schema || depth > 8) return found;
  const name = schema.$ref?.split("/").pop();
  if (name && found.has(name)) return found;
  const whole = resolve(schema, document);
  if (name && whole.properties) found.set(name, whole);
  for (const next of [...(whole.anyOf ?? []), ...(whole.oneOf ?? []), ...(whole.allOf ?? []), whole.items]) {
    if (next) parts(next, document, found, depth + 1);
  }
  for (const property of Object.values(whole.properties ?? {})) parts(property, document, found, depth + 1);
  return found;
}

/** A value that the schema allows: its own example, else what it requires. */
export function sample(schema, document, depth = 0) {
  const whole = resolve(schema, document);
  if (whole.examples?.length) return whole.examples[0];
  if (whole.example !== undefined) return whole.example;
  if (whole.default !== undefined && whole.default !== null) return whole.default;
  if (whole.const !== undefined) return whole.const;
  if (whole.enum) return whole.enum[0];
  if (whole.anyOf || whole.oneOf) return sample(choices(whole)[0], document, depth + 1);
  if (whole.type === "array") return depth > 4 ? [] : [sample(whole.items, document, depth + 1)];
  if (whole.type === "integer" || whole.type === "number") return whole.minimum ?? 1;
  if (whole.type === "boolean") return false;
  if (whole.type === "object" || whole.properties) {
    const names = (whole.required ?? []).filter((name) => whole.properties?.[name]);
    return Object.fromEntries(names.map((name) => [name, sample(whole.properties[name], document, depth + 1)]));
  }
  return "…";
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** A command line that asks the route; `base` is the service's address. */
export function curl(method, path, operation, document, base) {
  const lines = [`curl ${method === "GET" ? "" : `-X ${method} `}${quoted(base + path.replace(/^\//, ""))}`];
  // An empty alternative: the service is open.
  if (operation.security?.every((needed) => Object.keys(needed).length)) lines.push("-H \"Authorization: Bearer $KEY\"");
  const content = operation.requestBody?.content ?? {};
  const kind = Object.keys(content).find((name) => name.includes("json")) ?? Object.keys(content)[0];
  if (kind === "multipart/form-data") {
    for (const [name, field] of Object.entries(resolve(content[kind].schema, document).properties ?? {})) {
      const isFile = /binary|octet|file/.test(JSON.stringify(field));
      if (isFile) lines.push(`-F ${quoted(`${name}=@资料.pdf`)}`);
    }
  } else if (kind === "application/json") {
    const value = content[kind].example ?? sample(content[kind].schema, document);
    lines.push(`-H ${quoted(`Content-Type: ${kind}`)}`, `-d ${quoted(JSON.stringify(value, null, 2))}`);
  } else if (kind) {
    lines.push(`-H ${quoted(`Content-Type: ${kind}`)}`, "--data-binary '@questions.jsonl'");
  }
  return lines.join(" \\\n  ");
}
