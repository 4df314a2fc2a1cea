// Where this script came from is where the stand-in is.
const script = document.currentScript ?? document.querySelector('script[src$="/stripe.js"]');
const HOME = new URL(script.src).origin;

class IntegrationError extends Error {
  name = "IntegrationError";
}

// One call of the API with the publishable key, as a simple request without a preflight.
// Resolves to {ok, answer}; never rejects.
async function call(method, path, params) {
  const form = new URLSearchParams(
    Object.entries(params).filter(([, value]) => value !== undefined && value !== null),
  );
  const url = `${HOME}/v1/${path}`;
  try {
    const response =
      method === "GET"
        ? await fetch(`${url}?${form}`)
        : await fetch(url, { method, body: form });
    const answer = await response.json();
    return { ok: response.ok, answer };
  } catch {
    const message = "We are having trouble reaching the payment service. Please try again.";
    return { ok: false, answer: { error: { type: "api_connection_error", message } } };
  }
}

// `pi_1_secret_2` belongs to `pi_1`.
function intentOf(clientSecret) {
  const id = /^(pi_[A-Za-z0-9]+)_secret_[A-Za-z0-9]+$/.exec(clientSecret ?? "")?.[1];
  if (!id) {
    throw new IntegrationError(`Invalid client secret: ${clientSecret}`);
  }
  return id;
}

// The few parts of the DOM's event target that Stripe's elements have.
class Emitter {
  #listeners = new Map();

  on(kind, listener) {
    this.#listeners.set(kind, [...(this.#listeners.get(kind) ?? []), listener]);
    return this;
  }

  once(kind, listener) {
    const first = (event) => {
      this.off(kind, first);
      listener(event);
    };
    return this.on(kind, first);
  }

  off(kind, listener) {
    const left = listener
      ? (this.#listeners.get(kind) ?? []).filter((known) => known !== listener)
      : [];
    this.#listeners.set(kind, left);
    return this;
  }

  emit(kind, event) {
    for (const listener of this.#listeners.get(kind) ?? []) {
      listener(event);
    }
  }
}
