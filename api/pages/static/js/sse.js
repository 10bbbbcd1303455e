// Server-sent events read from a fetch (EventSource can send neither a body nor a key).

/** The events of one block of lines: `{name, data}`, or null for a block of comments (keep-alive). */
function parse(block) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
  return data.length ? { name, data: JSON.parse(data.join("\n")) } : null;
}

/** The events of a response's body, as they come. */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      // A carriage return at the end may be half of a line's end: it waits for the next piece.
      waiting = (waiting + value).replace(/\r\n|\r(?!$)/g, "\n");
      const blocks = waiting.split("\n\n");
      waiting = blocks.pop();
      for (const event of blocks.map(parse)) if (event) yield event;
    }
  } finally {
    // Leaving early (stopped, or an event that could not be read) ends the request too.
    reader.cancel().catch(() => {});
  }
}
