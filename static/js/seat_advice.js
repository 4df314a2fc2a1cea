// Says at once what the server would say when the seats are asked for, with the same way out.
import { asked } from "./seat_asking.js";

const PAUSE = 350; // a guest who is still clicking is not interrupted

export function advising(map, place, { choose, say }) {
  let waiting = 0;
  return (labels) => {
    window.clearTimeout(waiting);
    place.replaceChildren();
    if (labels.length) waiting = window.setTimeout(look, PAUSE, labels.join(","));
  };

  async function look(labels) {
    const mine = waiting;
    const found = await asked(`${map.dataset.advice}?seats=${labels}&mine=${map.dataset.mine}`);
    if (mine !== waiting || !found?.code) return;
    say(found.detail);
    place.replaceChildren(...found.fixes.map(button));
  }

  function button(fix) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button--quiet button--small";
    made.textContent = `${fix.words}: ${fix.seats.join(", ")}`;
    made.addEventListener("click", () => {
      choose(fix.seats);
      place.replaceChildren();
      map.querySelector(`input[value="${fix.seats[0]}"]`).focus();
    });
    return made;
  }
}
