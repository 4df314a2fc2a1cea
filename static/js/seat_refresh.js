// Looks at the seat map of the API while the page is seen. An unchanged map is answered by a 304,
// which the browser's cache turns into the body that it has. A map that cannot be had is no news.
const EVERY = 10_000;

export function refreshing(map, done) {
  const mine = new Set([...map.querySelectorAll("input[name=seats]:checked")].map((seat) => seat.value));
  window.setInterval(async () => {
    if (document.hidden) return;
    const fresh = await look(map.dataset.url);
    if (fresh) done(apply(map, fresh, mine));
  }, EVERY);
}

async function look(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-cache" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// The labels that the guest had chosen and that are gone. `mine` the guest holds already: the
// public map calls them held, and they stay ticked.
function apply(map, fresh, mine) {
  const gone = [];
  for (const row of fresh.rows) {
    for (const seat of row.seats) {
      const box = map.querySelector(`input[value="${CSS.escape(seat.label)}"]`);
      if (!box || mine.has(seat.label) || box.closest(".seat").classList.contains(seat.state)) continue;
      if (box.checked && seat.state !== "free") gone.push(seat.label);
      become(box, seat.state, map.dataset[seat.state]);
    }
  }
  return gone;
}

function become(box, state, words) {
  box.closest(".seat").classList.remove("free", "held", "sold", "blocked");
  box.closest(".seat").classList.add(state);
  box.disabled = state !== "free";
  if (box.disabled) box.checked = false;
  const name = box.getAttribute("aria-label");
  box.setAttribute("aria-label", `${name.slice(0, name.lastIndexOf(","))}, ${words}`);
}
