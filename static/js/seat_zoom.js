// Larger and smaller by buttons or two fingers; one finger moves the map, as everything that scrolls.
// When a seat is smaller than a fingertip the map is an overview: a tap on it comes nearer first.
const LEAST = 24; // WCAG 2.5.8
const NEAR = 36;
const MOST = 72;
const STEP = 1.3;

export function zooming(map) {
  const box = map.querySelector(".auditorium__scroll");
  const floor = map.querySelector(".auditorium__floor");
  const buttons = map.querySelector("[data-zoom]");
  const size = () => floor.querySelector(".seat").getBoundingClientRect().width;
  const wholeRoom = () => (box.clientWidth - 52) / getComputedStyle(floor).getPropertyValue("--columns");

  // The point of the map under x, y (of the window) stays there.
  function become(wanted, x, y) {
    const old = size();
    const cell = Math.min(MOST, Math.max(Math.min(wholeRoom(), LEAST), wanted));
    const frame = box.getBoundingClientRect();
    const at = { x: (x ?? frame.x + frame.width / 2) - frame.x, y: (y ?? frame.y) - frame.y };
    const left = (box.scrollLeft + at.x) * (cell / old) - at.x;
    floor.style.setProperty("--cell", `${cell}px`);
    map.classList.toggle("is-overview", cell < LEAST);
    box.scrollLeft = left;
    window.scrollBy(0, at.y * (cell / old - 1));
  }

  buttons.addEventListener("click", (event) => {
    const step = event.target.dataset.step;
    if (step === "0") become(wholeRoom());
    else if (step) become(size() * STEP ** Number(step));
  });

  floor.addEventListener("click", (event) => {
    if (!map.classList.contains("is-overview")) return;
    event.preventDefault();
    become(NEAR, event.clientX, event.clientY);
  }, true);

  map.addEventListener("focusin", (event) => {
    if (event.target.name === "seats" && map.classList.contains("is-overview")) become(NEAR);
  });

  byTwoFingers(box, size, become);
  inTheMiddle(box);
}

function byTwoFingers(box, size, become) {
  let began = null;
  const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  box.addEventListener("touchstart", (event) => {
    if (event.touches.length === 2) began = { cell: size(), apart: apart(event.touches) };
  }, { passive: true });
  box.addEventListener("touchmove", (event) => {
    if (!began || event.touches.length !== 2) return;
    event.preventDefault();
    const [a, b] = event.touches;
    const wanted = began.cell * (apart(event.touches) / began.apart);
    become(wanted, (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
  }, { passive: false });
  box.addEventListener("touchend", () => { began = null; });
}

// Where the map is wider than the page, the best seats are in its middle.
function inTheMiddle(box) {
  box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
}
