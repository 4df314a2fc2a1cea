// One field with its label and its error text.
import { digitsOf } from "./numbers.js";

// Leaving a field by a press on a button must not move that button away before it is released.
const PRESS = 350;

export class Field {
  #told = false;
  #timer = 0;

  // `shape` formats digits, `judge` answers what is wrong with them, or null.
  constructor(name, shape, judge) {
    this.input = document.getElementById(name);
    this.error = document.getElementById(`${name}-error`);
    this.shape = shape;
    this.judge = judge;
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("blur", () => this.#left());
  }

  get digits() {
    return digitsOf(this.input.value);
  }

  get problem() {
    return this.judge(this.digits);
  }

  set(digits) {
    this.input.value = this.shape(digits);
    this.show(null);
  }

  // Puts the message under the field, or takes it away.
  show(problem) {
    clearTimeout(this.#timer);
    this.#told = Boolean(problem);
    this.error.textContent = problem?.message ?? "";
    this.input.setAttribute("aria-invalid", String(this.#told));
  }

  #typed() {
    this.#format();
    if (this.#told) {
      this.show(this.problem);
    }
  }

  // An empty field that is only passed by is not yet a mistake.
  #left() {
    if (this.digits && this.problem) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.show(this.problem), PRESS);
    }
  }

  // Keeps the caret behind the digit that it was behind.
  #format() {
    const { value, selectionStart } = this.input;
    const before = digitsOf(value.slice(0, selectionStart)).length;
    const atEnd = selectionStart === value.length;
    const shaped = this.shape(digitsOf(value));
    if (shaped !== value) {
      this.input.value = shaped;
      const place = atEnd ? shaped.length : placeBehind(shaped, before);
      this.input.setSelectionRange(place, place);
    }
  }
}

function placeBehind(text, digits) {
  let seen = 0;
  for (let place = 0; place < text.length; place++) {
    if (seen === digits) {
      return place;
    }
    seen += /\d/.test(text[place]) ? 1 : 0;
  }
  return text.length;
}
