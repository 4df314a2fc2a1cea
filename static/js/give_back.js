// Says what comes back for the ticked seats. The form works without.
import { asMoney } from "./money.js";

const form = document.querySelector("[data-give-back]");
const said = form?.querySelector("[data-sum]");

form?.addEventListener("change", show);
if (form) window.addEventListener("pageshow", show); // the back button may bring ticks back

function show() {
  const ticked = [...form.querySelectorAll("input[name=seats]:checked")];
  const sum = ticked.reduce((all, seat) => all + Number(seat.dataset.price), 0);
  const money = asMoney(sum, form.dataset.currency, Number(form.dataset.digits));
  const words = ticked.length ? said.dataset.some.replace("AMOUNT", money) : said.dataset.none;
  if (said.textContent !== words) said.textContent = words;
}
