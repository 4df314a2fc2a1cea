// One click takes the whole party: pointing at a seat shows who would sit where, a click takes them,
// another click elsewhere moves them, and a click on a chosen seat drops it. Where not all of them
// can sit together the next click seats the rest. "One by one" is a plain checkbox again.
import { asked } from "./seat_asking.js";

export function asParty(map, form, { choose, chosen, told, advise }) {
  const single = form.querySelector("[data-single]");
  const best = form.querySelector("[data-show-best]");
  const calm = best.textContent;
  let answers = new Map();
  let before = chosen();
  let turn = 0;
  let offered = 0;

  const size = () => Number(new FormData(form).get("party"));
  const suggestions = (party, others = []) => {
    const query = `party=${party}&mine=${map.dataset.mine}&chosen=${others.join(",")}`;
    if (!answers.has(query)) answers.set(query, asked(`${map.dataset.suggestions}?${query}`));
    return answers.get(query);
  };

  async function clicked(seat) {
    const mine = ++turn;
    const kept = before.filter((label) => label !== seat.value && chosen().includes(label));
    const rest = kept.length < size() ? size() - kept.length : size();
    const others = kept.length < size() ? kept : [];
    calmDown();
    if (!seat.checked || single.checked) {
      before = chosen();
      return advise(before);
    }
    const found = await suggestions(rest, others);
    if (mine !== turn) return;
    take([...others, ...(found?.bySeat[seat.value] ?? [seat.value])]);
    advise(before);
  }

  function take(labels, name = "taken") {
    choose(labels);
    before = chosen();
    const rest = size() - before.length;
    told(name === "taken" && rest > 0 ? "rest" : name, before, rest);
  }

  async function showBest() {
    const mine = ++turn;
    const found = (await suggestions(size()))?.best ?? [];
    if (mine !== turn) return;
    if (!found.length) return told("few");
    const group = found[offered % found.length];
    calmDown();
    offered += 1;
    best.textContent = best.dataset.again;
    take(group, group.length === together(map, group) ? "best" : "apart");
    advise([]);
    map.querySelector(`input[value="${group[0]}"]`).scrollIntoView({ block: "nearest", inline: "center" });
  }

  // The best seats are asked for anew.
  function calmDown() {
    offered = best.textContent === calm ? 0 : offered;
    best.textContent = calm;
    preview([]);
  }

  async function point(seat) {
    if (single.checked || seat?.name !== "seats" || seat.checked || seat.disabled) return preview([]);
    const others = chosen().length < size() ? chosen() : [];
    const found = await suggestions(size() - others.length, others);
    if (seat.matches(":hover, :focus-visible")) preview(found?.bySeat[seat.value] ?? []);
  }

  function preview(labels) {
    for (const label of map.querySelectorAll(".seat.would")) label.classList.remove("would");
    for (const label of labels) {
      map.querySelector(`input[value="${label}"]`)?.closest(".seat").classList.add("would");
    }
  }

  map.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") point(event.target.closest(".seat")?.querySelector("input"));
  });
  map.addEventListener("pointerleave", () => preview([]));
  map.addEventListener("focusin", (event) => point(event.target));
  map.addEventListener("focusout", () => preview([]));
  best.addEventListener("click", showBest);
  form.addEventListener("change", (event) => {
    offered = 0;
    calmDown();
    if (event.target.name === "party") suggestions(size());
  });
  return { clicked, forget: () => { answers = new Map(); } };
}

// How many of these stand side by side from the first one on.
function together(map, labels) {
  const boxes = labels.map((label) => map.querySelector(`input[value="${label}"]`).closest(".seat"));
  const apart = boxes.findIndex((box, n) => n && box.previousElementSibling !== boxes[n - 1]);
  return apart < 0 ? labels.length : apart;
}
