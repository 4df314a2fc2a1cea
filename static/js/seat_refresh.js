// Looks at the seat map of the API while the page is seen. An unchanged map is answered by a 304,
// which the browser's cache turns into the body that it has. A map that cannot be had is no news.
import { asked } from "./seat_asking.js";

const EVERY = 10_000;

export function refreshing(map, price, done) {
  const mine = new Set(map.dataset.mine.split(","));
  window.setInterval(async () => {
    if (document.hidden) return;
    const fresh = await asked(map.dataset.url);
    if (fresh) done(apply(map, fresh, mine, price));
  }, EVERY);
}

// The labels that the guest had chosen and that are gone. `mine` the guest holds already: the
// public map calls them held, and they stay ticked.
function apply(map, fresh, mine, price) {
  const gone = [];
  for (const row of fresh.rows) {
    for (const seat of row.seats) {
      const box = map.querySelector(`input[value="${CSS.escape(seat.label)}"]`);
      if (!box || mine.has(seat.label) || box.closest(".seat").classList.contains(seat.state)) continue;
      if (box.checked && seat.state !== "free") gone.push(seat.label);
      become(box, seat.state, map.dataset[seat.state], price);
    }
  }
  return gone;
}

function become(box, state, told, price) {
  box.closest(".seat").classList.remove("free", "held", "sold", "blocked");
  box.closest(".seat").classList.add(state);
  box.disabled = state !== "free";
  if (box.disabled) box.checked = false;
  const words = box.closest(".seat").querySelector("i");
  const [kind] = words.textContent.split(",", 1);
  const cost = box.disabled ? [] : [price(Number(box.dataset.price))];
  words.textContent = [kind, ...cost, told].join(", ");
}
