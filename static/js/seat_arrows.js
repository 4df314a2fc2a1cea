// Arrow keys walk over the seats as they stand in the room, and Tab leaves the map: a guest with a
// keyboard need not pass three hundred seats to reach the button. A line by the map says so. Home and
// End go to the ends of a row, with Ctrl to the first and the last seat of all.
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function byArrowKeys(map) {
  oneStop(map, map.querySelector("input[name=seats]:checked"));
  map.addEventListener("focusin", (event) => {
    if (event.target.name === "seats") oneStop(map, event.target);
  });
  map.addEventListener("keydown", (event) => {
    const wanted = event.target.name === "seats" && !event.altKey && !event.metaKey && next(map, event);
    if (!wanted) return;
    event.preventDefault();
    wanted.focus();
  });
}

function next(map, event) {
  const { key, target, ctrlKey } = event;
  if (key === "Home" || key === "End") {
    const among = ctrlKey ? map : target.closest("fieldset");
    return [...among.querySelectorAll("input[name=seats]:enabled")].at(key === "Home" ? 0 : -1);
  }
  return !ctrlKey && STEPS[key] && nearest(map, target, ...STEPS[key]);
}

// Tab stops at one seat only: the wanted one while it can be ticked, or else the first that can.
export function oneStop(map, wanted) {
  const seats = [...map.querySelectorAll("input[name=seats]:enabled")];
  const stop = seats.includes(wanted) ? wanted : seats[0];
  for (const seat of seats) seat.tabIndex = seat === stop ? 0 : -1;
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
