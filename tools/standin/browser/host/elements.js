const LOADING = 15_000;

// `stripe.elements({clientSecret, appearance, locale, loader, fonts})`
class Elements {
  #element = null;

  constructor(key, options) {
    this.key = key;
    this.options = { ...options };
    if (this.options.clientSecret) {
      intentOf(this.options.clientSecret);
    }
  }

  create(type, options = {}) {
    if (!["payment", "card"].includes(type)) {
      throw new IntegrationError(`The stand-in has no ${type} Element, only payment.`);
    }
    if (this.#element) {
      throw new IntegrationError("Can only create one payment Element.");
    }
    this.#element = new PaymentElement(this, options, () => (this.#element = null));
    return this.#element;
  }

  getElement() {
    return this.#element;
  }

  update(options) {
    Object.assign(this.options, options);
    this.#element?.refresh();
  }

  // Resolves with {} once the intent has been looked at anew.
  async fetchUpdates() {
    const secret = this.options.clientSecret;
    if (!secret) {
      return {};
    }
    const params = { key: this.key, client_secret: secret };
    const { ok, answer } = await call("GET", `payment_intents/${intentOf(secret)}`, params);
    return ok ? {} : { error: answer.error };
  }

  // Shows what is wrong in the form. Resolves with {selectedPaymentMethod} or {error}.
  async submit() {
    const { error } = await this.mounted().check();
    return error ? { error } : { selectedPaymentMethod: "card" };
  }

  mounted() {
    if (!this.#element?.isMounted) {
      throw new IntegrationError("The payment Element has to be mounted first.");
    }
    return this.#element;
  }
}

class PaymentElement extends Emitter {
  #frame = null;
  #timer = 0;

  constructor(elements, options, forget) {
    super();
    this.elements = elements;
    this.options = options;
    this.forget = forget;
  }

  get isMounted() {
    return this.#frame !== null;
  }

  mount(target) {
    const place = typeof target === "string" ? document.querySelector(target) : target;
    if (!(place instanceof HTMLElement)) {
      throw new IntegrationError(`There is no element to mount to: ${target}`);
    }
    this.unmount();
    this.#frame = new Frame("/card", "Secure card payment form", (type, more) =>
      this.#heard(type, more, place),
    );
    place.replaceChildren(this.#frame.node);
    this.#timer = setTimeout(() => this.#failed("The card form did not load."), LOADING);
    this.emit("loaderstart", { elementType: "payment" });
  }

  unmount() {
    clearTimeout(this.#timer);
    this.#frame?.remove();
    this.#frame = null;
  }

  destroy() {
    this.unmount();
    this.forget();
  }

  update(options) {
    Object.assign(this.options, options);
    this.refresh();
  }

  focus() {
    this.#frame?.node.focus();
    this.#frame?.tell("focus");
  }

  blur() {
    this.#frame?.tell("blur");
  }

  clear() {
    this.#frame?.tell("clear");
  }

  collapse() {}

  // What the form itself finds wrong, shown there: {} or {error}.
  check() {
    return this.#frame.ask("check");
  }

  // A payment method from what was typed: {id} or {error}.
  tokenize(details) {
    return this.#frame.ask("tokenize", { details });
  }

  busy(on) {
    this.#frame?.tell("busy", { on });
  }

  complain(error) {
    this.#frame?.tell("complain", { error });
  }

  refresh() {
    const { appearance = {}, clientSecret, locale } = this.elements.options;
    if (this.#frame) {
      const scheme = appearance.theme === "night" ? "dark" : "light";
      style(this.#frame.node, { colorScheme: scheme });
      const { readOnly = false } = this.options;
      const key = this.elements.key;
      this.#frame.tell("setup", { key, appearance, clientSecret, locale, readOnly });
    }
  }

  #heard(type, more, place) {
    const event = { elementType: "payment", ...more };
    if (type === "hello") {
      this.refresh();
    } else if (type === "resize") {
      style(this.#frame.node, { height: `${more.height}px` });
    } else if (type === "enter") {
      place.closest("form")?.requestSubmit();
    } else if (type === "loaderror") {
      this.#failed(more.error.message, more.error);
    } else if (["ready", "change", "focus", "blur", "escape"].includes(type)) {
      clearTimeout(this.#timer);
      this.emit(type, type === "ready" ? { elementType: "payment" } : event);
    }
  }

  #failed(message, error = { type: "api_connection_error", message }) {
    clearTimeout(this.#timer);
    this.emit("loaderror", { elementType: "payment", error });
  }
}
