// The map by keyboard: one stop of Tab for all nodes, arrows from one to the nearest in that direction.

const STEP = 80; // a pan (px)
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const center = (element) => {
  const box = element.getBBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
};

/** The node nearest to `from` in direction `way`; what is off to the side counts as farther. */
function nearest(nodes, from, [dx, dy]) {
  const [x, y] = center(from);
  let best = null;
  let least = Infinity;
  for (const node of nodes) {
    if (node === from) continue;
    const [ox, oy] = center(node);
    const along = (ox - x) * dx + (oy - y) * dy;
    if (along < 4) continue;
    const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
    const distance = along + 2.2 * aside;
    if (distance < least) [best, least] = [node, distance];
  }
  return best;
}

/** Makes `node` the one that Tab stops at. */
export function stopAt(svg, node) {
  svg.querySelectorAll('[tabindex="0"]').forEach((other) => other.setAttribute("tabindex", "-1"));
  node?.setAttribute("tabindex", "0");
}

/** `reveal(node)` brings a node into view; `camera` pans and zooms; `fit()` shows all. */
export function installKeys(svg, { camera, reveal, fit }) {
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = event.target.closest('[role="button"]');
    const way = WAYS[event.key];
    if (way && node && !event.shiftKey) {
      const next = nearest(svg.querySelectorAll('[role="button"]'), node, way);
      if (next) {
        stopAt(svg, next);
        next.focus({ preventScroll: true });
        reveal(next);
      }
    } else if (way) camera.pan(-way[0] * STEP, -way[1] * STEP);
    else if (event.key === "+" || event.key === "=") camera.zoom(1.25);
    else if (event.key === "-") camera.zoom(0.8);
    else if (event.key === "0") fit();
    else if (node && (event.key === "Enter" || event.key === " ")) node.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    else return;
    event.preventDefault();
  });
}
