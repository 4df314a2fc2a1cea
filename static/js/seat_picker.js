// Enhances the seat map, which is a plain form. What may be chosen together is known by the server:
// it says what a click takes, which seats are best, and whether a choice minds others.
import { asMoney } from "./money.js";
import { advising } from "./seat_advice.js";
import { byArrowKeys, oneStop } from "./seat_arrows.js";
import { asParty } from "./seat_party.js";
import { refreshing } from "./seat_refresh.js";
import { asMapOrList } from "./seat_view.js";
import { zooming } from "./seat_zoom.js";

const map = document.getElementById("seats");
const total = document.querySelector("[data-total]");
const list = document.querySelector("[data-seats]");
const said = document.querySelector("[data-said]");

if (map) {
  const advise = advising(map, document.querySelector("[data-fixes]"), { choose, say });
  const party = asParty(map, document.querySelector("[data-party]"), { choose, chosen, told, advise });
  map.addEventListener("change", (event) => {
    if (chosen().length > Number(map.dataset.most)) {
      event.target.checked = false;
      told("most");
    }
    party.clicked(event.target);
    show();
  });
  window.addEventListener("pageshow", show); // the back button may bring ticks back
  byArrowKeys(map);
  asMapOrList(map);
  zooming(map);
  refreshing(map, price, (gone) => {
    if (gone.length) told("gone", gone);
    party.forget();
    oneStop(map, map.querySelector("input[name=seats][tabindex='0']"));
    show();
  });
  show();
}

function chosen() {
  return [...map.querySelectorAll("input[name=seats]:checked")].map((seat) => seat.value);
}

// Exactly these seats, by label.
function choose(labels) {
  for (const seat of map.querySelectorAll("input[name=seats]:enabled")) {
    seat.checked = labels.includes(seat.value);
  }
  show();
}

function show() {
  const seats = [...map.querySelectorAll("input[name=seats]:checked")];
  const sum = seats.reduce((all, seat) => all + Number(seat.dataset.price), 0);
  list.textContent = seats.map((seat) => seat.value).join(", ") || list.dataset.none;
  total.textContent = price(sum);
}

function price(amount) {
  return asMoney(amount, total.dataset.currency, Number(total.dataset.digits));
}

// One of the sentences that the page brought along, with seats and a number put in.
function told(name, seats = [], rest = "") {
  say(said.dataset[name].replace("%(seats)s", seats.join(", ")).replace("%(rest)s", rest), name);
}

function say(words, kind = "") {
  said.textContent = "";
  said.dataset.kind = kind;
  requestAnimationFrame(() => { said.textContent = words; });
}
