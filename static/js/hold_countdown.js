// The time that the seats are still held: drawn, told early, and extended without leaving the page,
// so that a half-typed card survives. The server decides; this only shows.
const hold = document.querySelector("[data-until]");
const SOON = 120;

if (hold) {
  const skew = Date.parse(hold.dataset.now) - Date.now(); // a phone's clock may be off
  const leader = hold.querySelector(".leader");
  const said = hold.querySelector("[data-said]");
  let until = Date.parse(hold.dataset.until);
  let whole = until - Date.parse(hold.dataset.now);
  let stage = "running";

  leader.removeAttribute("hidden"); // an SVG element has no `hidden` property
  tick();
  window.setInterval(tick, 1000);
  hold.querySelector("[data-more-time]")?.addEventListener("submit", moreTime);

  function tick() {
    const left = Math.max(0, Math.round((until - Date.now() - skew) / 1000));
    draw(leader, left, Math.min(1, left * 1000 / whole));
    const now = left === 0 ? "over" : left <= SOON ? "soon" : "running";
    if (now === stage) return;
    stage = now;
    hold.classList.toggle("hold--soon", now !== "running");
    hold.querySelector("[data-when-over]").hidden = now !== "over";
    hold.querySelector("[data-more-time]")?.toggleAttribute("hidden", now === "over");
    said.textContent = hold.dataset[now] ?? "";
  }

  async function moreTime(event) {
    event.preventDefault();
    const form = event.target;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      const told = await answer.json();
      if (!answer.ok) {
        said.textContent = told.detail;
        return;
      }
      until = Date.parse(told.heldUntil);
      whole = until - Date.now() - skew;
      hold.querySelector("[data-clock]").textContent = told.clock;
      tick();
      said.textContent = told.words;
    } catch {
      form.submit(); // the plain way
    }
  }
}

function draw(leader, seconds, share) {
  leader.querySelector("text").textContent =
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  leader.querySelector(".leader__sweep").setAttribute("stroke-dasharray", `${100 * share} 100`);
}
