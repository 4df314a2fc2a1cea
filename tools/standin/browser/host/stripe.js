// The surface of Stripe.js that a checkout page uses, spoken to the local stand-in.
class StripeStandIn {
  #key;

  constructor(key) {
    this.#key = key;
  }

  elements(options = {}) {
    return new Elements(this.#key, options);
  }

  // Resolves with {paymentIntent} or {error}, or leaves for `return_url`.
  async confirmPayment({ elements, clientSecret, confirmParams = {}, redirect = "always" }) {
    const secret = clientSecret ?? elements?.options.clientSecret;
    const id = intentOf(secret);
    if (redirect === "always" && !confirmParams.return_url) {
      throw new IntegrationError("confirmPayment needs confirmParams.return_url.");
    }
    const element = elements?.mounted();
    element?.busy(true);
    try {
      const result = await this.#confirm(id, secret, confirmParams, element);
      if (result.error) {
        element?.complain(result.error);
        return result;
      }
      return redirect === "always" ? leave(confirmParams.return_url, result) : result;
    } finally {
      element?.busy(false);
    }
  }

  // Asks for 3-D Secure where the intent waits for it.
  async handleNextAction({ clientSecret }) {
    const { paymentIntent, error } = await this.retrievePaymentIntent(clientSecret);
    return error ? { error } : this.#answerBank(clientSecret, paymentIntent);
  }

  async retrievePaymentIntent(clientSecret) {
    const params = { key: this.#key, client_secret: clientSecret };
    const { ok, answer } = await call("GET", `payment_intents/${intentOf(clientSecret)}`, params);
    return ok ? { paymentIntent: answer } : { error: answer.error };
  }

  registerAppInfo() {}

  _registerWrapper() {}

  async #confirm(id, secret, params, element) {
    const chosen = params.payment_method
      ? { id: params.payment_method }
      : await element?.tokenize(params.payment_method_data?.billing_details ?? {});
    if (chosen?.error) {
      return { error: chosen.error };
    }
    const { ok, answer } = await call("POST", `payment_intents/${id}/confirm`, {
      key: this.#key,
      client_secret: secret,
      payment_method: chosen?.id,
      return_url: params.return_url,
      receipt_email: params.receipt_email,
      use_stripe_sdk: "true",
    });
    return ok ? this.#answerBank(secret, answer) : { error: answer.error };
  }

  async #answerBank(secret, paymentIntent) {
    const action = paymentIntent.next_action;
    if (paymentIntent.status !== "requires_action" || !action) {
      return { paymentIntent };
    }
    await challenge(action.use_stripe_sdk?.stripe_js ?? action.redirect_to_url.url);
    const after = await this.retrievePaymentIntent(secret);
    const error = after.paymentIntent?.last_payment_error;
    return error ? { error: { ...error, payment_intent: after.paymentIntent } } : after;
  }
}

// Stripe tells the page at the return address what came of it in the query.
function leave(returnUrl, { paymentIntent }) {
  const url = new URL(returnUrl, location.href);
  url.searchParams.set("payment_intent", paymentIntent.id);
  url.searchParams.set("payment_intent_client_secret", paymentIntent.client_secret);
  url.searchParams.set("redirect_status", redirectStatus(paymentIntent.status));
  location.assign(url);
  return new Promise(() => {});
}

function redirectStatus(status) {
  const paid = ["succeeded", "requires_capture"].includes(status);
  return paid ? "succeeded" : status === "processing" ? "pending" : "failed";
}

window.Stripe = (key, options) => {
  if (typeof key !== "string" || !key.startsWith("pk_")) {
    throw new IntegrationError("Please call Stripe() with your publishable key.");
  }
  return new StripeStandIn(key, options);
};
window.Stripe.version = "standin";
