// Looking at the map: pan by drag, zoom by wheel, pinch and keys.

const LEAST = 0.25;
const MOST = 2.5;
export const READABLE = 0.72; // words 14 units high are still read
export const MARGIN = 16; // around the whole scene (px)
const DRAG = 4; // a pointer that moved less has clicked (px)

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A camera over `svg` that moves its child `scene`. */
export function camera(svg, scene) {
  let at = { x: 0, y: 0, k: 1 };
  let extent = { width: 0, height: 0 }; // of the scene
  let moving = 0;
  const pointers = new Map();
  let dragged = false;

  const apply = () => scene.setAttribute("transform", `translate(${at.x} ${at.y}) scale(${at.k})`);
  const size = () => svg.getBoundingClientRect();

  function move(to, smoothly = true) {
    cancelAnimationFrame(moving);
    const from = at;
    if (!smoothly || still()) {
      at = to;
      apply();
      return;
    }
    const began = performance.now();
    const step = (now) => {
      const part = Math.min(1, Math.max(0, (now - began) / 240));
      const eased = 1 - (1 - part) ** 3;
      at = Object.fromEntries(["x", "y", "k"].map((name) => [name, from[name] + (to[name] - from[name]) * eased]));
      apply();
      if (part < 1) moving = requestAnimationFrame(step);
    };
    moving = requestAnimationFrame(step);
  }

  /** Zooms by `factor`, keeping what is under the point (px in the window) where it is. */
  function zoom(factor, x, y, smoothly = true) {
    const box = size();
    const [px, py] = [x === undefined ? box.width / 2 : x - box.left, y === undefined ? box.height / 2 : y - box.top];
    const k = Math.max(LEAST, Math.min(MOST, at.k * factor));
    move({ k, x: px - ((px - at.x) * k) / at.k, y: py - ((py - at.y) * k) / at.k }, smoothly);
  }

  const pan = (dx, dy) => move({ ...at, x: at.x + dx, y: at.y + dy });

  const holds = (width, height) => (extent = { width, height });

  /** The whole scene; at least readable where `readable`, then from the top. */
  function show({ readable = false, smoothly = true } = {}) {
    const box = size();
    const { width, height } = extent;
    if (!box.width || !width) return;
    const across = (box.width - 2 * MARGIN) / width;
    let k = Math.min(1.15, across, (box.height - 2 * MARGIN) / height);
    if (readable && k < READABLE) k = Math.max(k, Math.min(0.92, across));
    k = Math.max(LEAST, k);
    move({ k, x: (box.width - width * k) / 2, y: Math.max(MARGIN, (box.height - height * k) / 2) }, smoothly);
  }

  /** After what stood at `before` was moved to `after`: keeps it where it is in the window. */
  function keep(before, after) {
    move({ ...at, x: at.x + (before.x - after.x) * at.k, y: at.y + (before.y - after.y) * at.k }, false);
  }

  const margins = (box) => Math.min(64, box.width / 6, box.height / 6); // the tools stand in a corner

  /** The scale at which a rectangle fits into the window. */
  function scaleOf({ width, height }) {
    const box = size();
    return Math.min((box.width - 2 * margins(box)) / width, (box.height - 2 * margins(box)) / height);
  }

  /** Where one axis of the scene may be: no emptiness beside it while there is more of it on the other side. */
  function bounded(position, length, room) {
    if (length + 2 * MARGIN <= room) return (room - length) / 2;
    return Math.min(MARGIN, Math.max(room - MARGIN - length, position));
  }

  /** Takes back the room beside the scene that it left, or was moved to make. */
  function settle() {
    const box = size();
    move({ ...at, x: bounded(at.x, extent.width * at.k, box.width), y: bounded(at.y, extent.height * at.k, box.height) });
  }

  /** Brings a rectangle into view, moving as little as that needs; down to scale `least` it is made to fit. */
  function reveal(rectangle, least = READABLE) {
    const { x, y, width, height } = rectangle;
    const box = size();
    const margin = margins(box);
    const read = at.k < READABLE - 0.001 ? READABLE : at.k;
    const k = Math.max(least, Math.min(read, scaleOf(rectangle)));
    const to = k === at.k ? at : { k, x: box.width / 2 - (x + width / 2) * k, y: box.height / 2 - (y + height / 2) * k };
    const [left, top] = [to.x + x * k, to.y + y * k];
    const shift = (begin, length, room) => {
      if (begin < margin || length > room - 2 * margin) return margin - begin;
      return Math.min(0, room - margin - begin - length);
    };
    const placed = (now, by, length, room) => (by || to !== at ? bounded(now + by, length * k, room) : now);
    move({
      k,
      x: placed(to.x, shift(left, width * k, box.width), extent.width, box.width),
      y: placed(to.y, shift(top, height * k, box.height), extent.height, box.height),
    });
  }

  const middle = () => {
    const points = [...pointers.values()];
    return { x: (points[0].x + points[1].x) / 2, y: (points[0].y + points[1].y) / 2, apart: Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y) };
  };

  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    zoom(Math.exp((-event.deltaY * lines * (event.ctrlKey ? 8 : 1)) / 600), event.clientX, event.clientY, false);
  }, { passive: false });

  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (!pointers.size) dragged = false;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, from: { x: event.clientX, y: event.clientY } });
  });

  window.addEventListener("pointermove", (event) => {
    const pointer = pointers.get(event.pointerId);
    if (!pointer) return;
    const before = pointers.size === 2 ? middle() : null;
    const [dx, dy] = [event.clientX - pointer.x, event.clientY - pointer.y];
    [pointer.x, pointer.y] = [event.clientX, event.clientY];
    if (!dragged && Math.hypot(pointer.x - pointer.from.x, pointer.y - pointer.from.y) < DRAG) return;
    if (!dragged) {
      dragged = true;
      svg.classList.add("is-dragged");
    }
    if (pointers.size === 1) move({ ...at, x: at.x + dx, y: at.y + dy }, false);
    else if (before) {
      const after = middle();
      zoom(after.apart / Math.max(1, before.apart), after.x, after.y, false);
      move({ ...at, x: at.x + after.x - before.x, y: at.y + after.y - before.y }, false);
    }
  });

  const up = (event) => {
    pointers.delete(event.pointerId);
    if (!pointers.size) svg.classList.remove("is-dragged");
  };
  window.addEventListener("pointerup", up);
  window.addEventListener("pointercancel", up);

  // The click that ends a drag opens nothing.
  svg.addEventListener("click", (event) => {
    if (!dragged) return;
    dragged = false;
    event.stopPropagation();
    event.preventDefault();
  }, true);

  apply();
  return { zoom, pan, holds, show, keep, settle, reveal, scaleOf };
}
