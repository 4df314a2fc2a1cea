// The card form inside its frame. Card data goes from here to the stand-in and nowhere else.
import { Field } from "./field.js";
import {
  brandOf,
  dated,
  grouped,
  problemOfCode,
  problemOfExpiry,
  problemOfNumber,
} from "./numbers.js";

const number = new Field("number", grouped, problemOfNumber);
const expiry = new Field("expiry", dated, (digits) => problemOfExpiry(digits));
const cvc = new Field(
  "cvc",
  (digits) => digits.slice(0, brandOf(number.digits).code ?? 4),
  (digits) => problemOfCode(digits, number.digits),
);
const fields = [number, expiry, cvc];
const form = document.getElementById("card");
const brand = document.getElementById("brand");
const FIELD_OF = {
  incorrect_number: number,
  invalid_number: number,
  expired_card: expiry,
  invalid_expiry_month: expiry,
  invalid_expiry_year: expiry,
  incorrect_cvc: cvc,
  invalid_cvc: cvc,
};

let page = null; // the origin of the page around us, known from its first message
let key = "";
let loaded = false;

const DEEDS = { setup, focus, blur, clear, busy, complain, check, tokenize };

addEventListener("message", async ({ data, origin, source }) => {
  if (source !== parent || (page && origin !== page) || !Object.hasOwn(DEEDS, data?.standin)) {
    return;
  }
  page = origin;
  const answer = await DEEDS[data.standin](data);
  if (data.request) {
    tell("answer", { request: data.request, ...answer });
  }
});

function tell(type, more = {}) {
  parent.postMessage({ standin: type, ...more }, page ?? "*");
}

async function setup({ key: given, appearance, clientSecret, readOnly }) {
  key = given;
  dress(appearance);
  busy({ on: readOnly });
  if (loaded) {
    return;
  }
  loaded = true;
  const error = clientSecret ? await problemOfIntent(clientSecret) : null;
  tell(error ? "loaderror" : "ready", { error });
}

function dress({ theme = "stripe", variables = {} }) {
  const root = document.documentElement;
  root.dataset.theme = theme;
  root.removeAttribute("style");
  for (const [name, value] of Object.entries(variables)) {
    root.style.setProperty(`--${name}`, value);
  }
}

async function problemOfIntent(clientSecret) {
  const id = clientSecret.split("_secret_")[0];
  const query = new URLSearchParams({ key, client_secret: clientSecret });
  const { error } = await spoken(fetch(`/v1/payment_intents/${id}?${query}`));
  return error ?? null;
}

function focus() {
  (fields.find((field) => field.problem) ?? number).input.focus();
}

function blur() {
  document.activeElement?.blur();
}

function clear() {
  fields.forEach((field) => field.set(""));
  changed();
}

function busy({ on }) {
  for (const { input } of fields) {
    input.readOnly = on;
  }
  form.setAttribute("aria-busy", String(on));
}

// A card that was refused for one of its fields: say it there as well.
function complain({ error }) {
  FIELD_OF[error.code]?.show(error);
}

function check() {
  const wrong = fields.filter((field) => field.problem);
  fields.forEach((field) => field.show(field.problem));
  wrong[0]?.input.focus();
  return wrong.length ? { error: wrong[0].problem } : {};
}

async function tokenize({ details }) {
  const { error } = check();
  if (error) {
    return { error };
  }
  const body = new URLSearchParams({
    key,
    type: "card",
    "card[number]": number.digits,
    "card[exp_month]": expiry.digits.slice(0, 2),
    "card[exp_year]": expiry.digits.slice(2),
    "card[cvc]": cvc.digits,
    ...flat("billing_details", details),
  });
  const answer = await spoken(fetch("/v1/payment_methods", { method: "POST", body }));
  return answer.error ? { error: answer.error } : { id: answer.id };
}

// {address: {city}} → {"billing_details[address][city]": …}
function flat(prefix, tree) {
  return Object.entries(tree ?? {}).reduce((pairs, [name, value]) => {
    const path = `${prefix}[${name}]`;
    return { ...pairs, ...(typeof value === "object" ? flat(path, value) : { [path]: value }) };
  }, {});
}

async function spoken(asked) {
  try {
    return await (await asked).json();
  } catch {
    const message = "We are having trouble reaching the payment service. Please try again.";
    return { error: { type: "api_connection_error", message } };
  }
}

let last = "";

function changed() {
  showBrand(brandOf(number.digits));
  const empty = fields.every((field) => !field.digits);
  const complete = fields.every((field) => !field.problem);
  const state = { empty, complete, collapsed: false, value: { type: "card" } };
  if (JSON.stringify(state) !== last) {
    last = JSON.stringify(state);
    tell("change", state);
  }
}

function showBrand({ name, short }) {
  brand.hidden = !name;
  brand.dataset.brand = name;
  brand.textContent = short ?? "";
  brand.setAttribute("aria-label", name);
}

// A test card of the list, valid for years.
function fill(digits) {
  const year = String((new Date().getFullYear() + 4) % 100).padStart(2, "0");
  number.set(digits);
  expiry.set(`12${year}`);
  cvc.set("123");
  document.getElementById("said").textContent = `Filled in ${grouped(digits)}`;
  changed();
}

form.addEventListener("input", changed);
form.addEventListener("focusin", () => tell("focus"));
form.addEventListener("focusout", () => tell("blur"));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  tell("enter");
});
addEventListener("keydown", ({ key: pressed }) => pressed === "Escape" && tell("escape"));
for (const button of document.querySelectorAll("[data-number]")) {
  button.addEventListener("click", () => fill(button.dataset.number));
}
new ResizeObserver(() => tell("resize", { height: document.body.offsetHeight })).observe(
  document.body,
);
tell("hello");
