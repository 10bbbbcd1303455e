// What the page's <script> tag says.

// A module has no currentScript.
const SCRIPT = document.currentScript ?? [...document.scripts].find((script) => /\/embed\.js(\?|$)/.test(script.src));

/** Where the script came from is where questions go; a service below a path stays below it. */
const SERVICE = new URL(".", SCRIPT?.src || location.href).href;

function readSettings() {
  const data = SCRIPT?.dataset ?? {};
  const page = document.documentElement.lang || navigator.language || "zh";
  const lang = data.lang === "en" || data.lang === "zh" ? data.lang : page.toLowerCase().startsWith("en") ? "en" : "zh";
  return {
    title: data.title?.trim() || null,
    key: data.key?.trim() || null,
    collection: data.collection?.trim() || null,
    lang,
    color: readColor(data.color),
    left: data.position === "left",
  };
}

/** `#rgb` or `#rrggbb` and the ink that can be read on it; null for anything else. */
function readColor(text) {
  const given = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text?.trim() ?? "");
  if (!given) {
    if (text) console.warn(`Suanlian: data-color must be like #12605b, not ${JSON.stringify(text)}`);
    return null;
  }
  const hex = given[1].length === 3 ? [...given[1]].map((digit) => digit + digit).join("") : given[1];
  const [r, g, b] = [0, 2, 4].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  // Relative luminance (WCAG 2); at .179 black and white contrast alike.
  return { accent: `#${hex}`, ink: 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#10181a" : "#ffffff" };
}
