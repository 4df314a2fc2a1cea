// Enhances the seat map, which is a plain form: adds prices up, moves by arrow keys, and looks
// every few seconds which seats have gone, without touching what the guest has chosen.
import { asMoney } from "./money.js";
import { byArrowKeys, oneStop } from "./seat_arrows.js";
import { refreshing } from "./seat_refresh.js";

const map = document.getElementById("seats");
const total = document.querySelector("[data-total]");
const list = document.querySelector("[data-seats]");
const said = document.querySelector("[data-said]");

if (map) {
  map.addEventListener("change", (event) => {
    if (chosen().length > Number(map.dataset.most)) {
      event.target.checked = false;
      say(said.dataset.most);
    }
    show();
  });
  window.addEventListener("pageshow", show); // the back button may bring ticks back
  byArrowKeys(map);
  refreshing(map, (gone) => {
    if (gone.length) say(`${said.dataset.gone} ${gone.join(", ")}`);
    oneStop(map, map.querySelector("input[name=seats][tabindex='0']"));
    show();
  });
  inTheMiddle(map.querySelector(".auditorium__scroll"));
  show();
}

function chosen() {
  return [...map.querySelectorAll("input[name=seats]:checked")];
}

function show() {
  const seats = chosen();
  const sum = seats.reduce((all, seat) => all + Number(seat.dataset.price), 0);
  list.textContent = seats.map((seat) => seat.value).join(", ") || list.dataset.none;
  total.textContent = asMoney(sum, total.dataset.currency, Number(total.dataset.digits));
}

// Where the map is wider than the page, the best seats are in its middle.
function inTheMiddle(box) {
  box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
}

function say(words) {
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = words; });
}
