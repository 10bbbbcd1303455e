// Offsets of the service count Unicode code points; a JavaScript string counts UTF-16 units.

/** The characters of `text`, so that `[start, end)` in code points is a plain slice. */
export const codePoints = (text) => Array.from(text);

/** `"A[1]，B"` → `["A", 1, "，B"]`, for those marks whose number is in `known`. */
export function splitMarks(answer, known) {
  const parts = [];
  let from = 0;
  for (const match of answer.matchAll(/\[(\d+)\]/g)) {
    const number = Number(match[1]);
    if (!known.has(number)) continue;
    parts.push(answer.slice(from, match.index), number);
    from = match.index + match[0].length;
  }
  parts.push(answer.slice(from));
  return parts.filter((part) => part !== "");
}

/** Every place (in UTF-16 units) where `quote` stands in `text`. */
export function occurrences(text, quote) {
  const found = [];
  for (let at = quote ? text.indexOf(quote) : -1; at >= 0; at = text.indexOf(quote, at + 1)) found.push(at);
  return found;
}

/**
 * Where `quote` (at code point `start` of the whole document) stands in the passage `text`, in UTF-16 units, or -1.
 * A passage may hold the same words twice: then the document says which place is meant.
 */
export async function locate(text, quote, start, wholeDocument) {
  const places = occurrences(text, quote);
  if (places.length < 2) return places[0] ?? -1;
  const whole = codePoints(await wholeDocument());
  const length = codePoints(text).length;
  const fits = places.find((place) => {
    const begin = start - codePoints(text.slice(0, place)).length;
    return begin >= 0 && whole.slice(begin, begin + length).join("") === text;
  });
  return fits ?? places[0];
}
