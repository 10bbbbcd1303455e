// Cards of different heights in columns, so that little room is left empty beside a tall one.

const WIDEST = 3; // columns that one card may take
const TALL = 1.3; // a card this many times as high as the columns come out on average is made wider
const WORTH = 1.15; // a column more must take off this much
const UNEVEN = 0.45; // of a band left empty: then its cards are dealt anew
const LOW = 360; // units; in a band lower than this no room is missed

/**
 * Which of `count` columns each of `heights` goes to, in their order and as even as that allows: the greatest sum of a
 * column is the least there can be.
 */
export function shares(heights, count) {
  const deal = (limit) => {
    let [column, filled] = [0, 0];
    return heights.map((height) => {
      if (filled && filled + height > limit) [column, filled] = [column + 1, 0];
      filled += height;
      return column;
    });
  };
  const sums = heights.flatMap((_, from) => heights.slice(from).map((_, to) => heights.slice(from, from + to + 1).reduce((sum, height) => sum + height, 0)));
  const limits = sums.sort((one, other) => one - other);
  const fits = (limit) => limit >= Math.max(...heights) && deal(limit).at(-1) < count;
  return heights.length ? deal(limits.find(fits)) : [];
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** How many columns each card takes: one, or as many as make it no higher than the others. */
function spans(cards, count, heightOf) {
  const average = sum(cards.map((node) => heightOf(node, 1))) / count;
  return cards.map((node) => {
    const most = Math.max(1, Math.min(WIDEST, count, node.parts.length));
    let span = 1;
    while (span < most && heightOf(node, span) > TALL * average) span += 1;
    while (span > 1 && heightOf(node, span - 1) <= WORTH * heightOf(node, span)) span -= 1;
    return span;
  });
}

/** Puts card `position` down on the columns from `column` on, which are filled up to `tops`. */
function drop(tops, column, span, height) {
  const y = Math.max(...tops.slice(column, column + span));
  tops.fill(y + height, column, column + span);
  return y;
}

/** The first column of the lowest place for a card that takes `span` columns. */
function lowest(tops, span) {
  const ys = tops.slice(0, tops.length - span + 1).map((_, column) => Math.max(...tops.slice(column, column + span)));
  return ys.indexOf(Math.min(...ys));
}

/** The column and span of each card: the wide ones first, then the tallest, so that the columns come out even. */
function deal(cards, count, heightOf) {
  const wide = spans(cards, count, heightOf);
  const tall = cards.map((node, at) => heightOf(node, wide[at]));
  const tops = new Array(count).fill(0);
  const columns = [];
  const all = cards.map((_, at) => at);
  const singles = all.filter((at) => wide[at] === 1).sort((one, other) => tall[other] - tall[one] || one - other);
  for (const at of [...all.filter((one) => wide[one] > 1), ...singles]) {
    columns[at] = lowest(tops, wide[at]);
    drop(tops, columns[at], wide[at], tall[at]);
  }
  return inOrder(all.map((at) => ({ column: columns[at], span: wide[at] })), count);
}

/** Moves whole columns so that they begin in the document's order; where wide cards stand on one another all stay. */
function inOrder(places, count) {
  const wide = places.filter(({ span }) => span > 1);
  if (sum(wide.map(({ span }) => span)) > count) return places;
  const covered = new Set(wide.flatMap(({ column, span }) => Array.from({ length: span }, (_, n) => column + n)));
  const single = Array.from({ length: count }, (_, column) => ({ column, span: 1 })).filter(({ column }) => !covered.has(column));
  const first = ({ column, span }) => {
    const at = places.findIndex((one) => one.column === column && one.span === span);
    return at < 0 ? Infinity : at;
  };
  const blocks = [...wide, ...single].sort((one, other) => first(one) - first(other) || one.column - other.column);
  const moved = [];
  let next = 0;
  for (const { column, span } of blocks) for (let n = 0; n < span; n += 1) moved[column + n] = next++;
  return places.map(({ column, span }) => ({ column: moved[column], span }));
}

/** The cards at their places, the wide ones above: `{places: [{column, span, y}], height, empty}`. */
function settle(cards, count, places, heightOf) {
  const tops = new Array(count).fill(0);
  let filled = 0;
  const settled = [];
  for (const wide of [true, false]) {
    places.forEach(({ column, span }, at) => {
      if (span > 1 !== wide) return;
      const height = heightOf(cards[at], span);
      filled += height * span;
      settled[at] = { column, span, y: drop(tops, column, span, height) };
    });
  }
  const height = Math.max(0, ...tops);
  return { places: settled, height, empty: height ? 1 - filled / (count * height) : 0 };
}

/**
 * Where `cards` stand in `count` columns. `closed(node, span)` and `opened(node, span)` are a card's height without and
 * with what is opened. The places are those of the closed cards, so that opening one moves no other sideways, unless
 * that would leave much room empty: then those that suit what is open.
 */
export function arrange(cards, count, closed, opened) {
  const still = settle(cards, count, deal(cards, count, closed), opened);
  if (still.height <= LOW || still.empty <= UNEVEN) return still;
  const anew = settle(cards, count, deal(cards, count, opened), opened);
  return anew.height < still.height ? anew : still;
}
