// Draws the seat plan while it is typed, and lets a click on a seat put it out of order.
// The server draws: what is refused when saving is refused here in the same words.

const PAUSE = 350; // milliseconds without a key

function start() {
  const grid = document.getElementById("id_plan");
  const broken = document.getElementById("id_out_of_order");
  const floor = document.querySelector(".seat-drawing");
  if (!grid || !broken || !floor) return;

  const address = new URL(`${location.pathname.split("/auditorium/")[0]}/auditorium/drawing/`, location.origin);
  let timer = 0;
  let latest = 0;

  async function draw() {
    const number = ++latest;
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": grid.form.elements.csrfmiddlewaretoken.value },
      body: new URLSearchParams({ plan: grid.value, out_of_order: broken.value }),
    });
    const picture = await answer.text();
    if (answer.ok && !answer.redirected && number === latest) floor.innerHTML = picture;
  }

  function drawSoon() {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  }

  function toggle(label) {
    const labels = broken.value.toUpperCase().split(/[\s,;]+/).filter(Boolean);
    const others = labels.filter((other) => other !== label);
    broken.value = (others.length < labels.length ? others : [...labels, label]).join(", ");
    draw();
  }

  grid.addEventListener("input", drawSoon);
  broken.addEventListener("input", drawSoon);
  floor.classList.add("seat-drawing--live");
  floor.addEventListener("click", (event) => {
    const seat = event.target.closest("[data-label]");
    if (seat) toggle(seat.dataset.label);
  });
  // A form that came back with a refusal shows what was typed, not what is stored.
  if (document.querySelector(".errornote")) draw();
}

document.addEventListener("DOMContentLoaded", start);
