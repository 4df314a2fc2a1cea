// Arrow keys walk over the seats as they stand in the room; Tab walks as it always does.
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function byArrowKeys(map) {
  map.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.target.name !== "seats" || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = nearest(map, event.target, ...step);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
}

// The nearest seat that can be ticked in that direction; one off the line counts double.
function nearest(map, from, dx, dy) {
  const here = middle(from);
  let best = null;
  let least = Infinity;
  for (const seat of map.querySelectorAll("input[name=seats]:enabled")) {
    const there = middle(seat);
    const ahead = (there.x - here.x) * dx + (there.y - here.y) * dy;
    const aside = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
    if (ahead < 4 || aside > ahead + 4) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [seat, cost];
  }
  return best;
}

function middle(seat) {
  const box = seat.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
