// Stripe's Payment Element on our page. The card never touches our server, and what counts is what
// the server then hears from Stripe: this only asks and shows.
import { appearance } from "./stripe_appearance.js";

const form = document.querySelector("[data-checkout]");

if (form) {
  const error = form.querySelector("[data-error]");
  const button = form.querySelector("[data-pay]");
  const label = button.textContent;
  let paying = false;

  if (typeof window.Stripe === "function") mount();
  else tell(form.dataset.unreachable);

  function mount() {
    const [locale] = document.documentElement.lang.split("-"); // the page's, not the browser's
    const stripe = window.Stripe(form.dataset.publishableKey, { locale });
    const elements = stripe.elements({
      clientSecret: form.dataset.clientSecret,
      appearance: appearance(),
    });
    const element = elements.create("payment");
    element.on?.("loaderror", () => tell(form.dataset.unreachable));
    element.mount(form.querySelector("[data-element]"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      pay(stripe, elements);
    });
  }

  async function pay(stripe, elements) {
    if (paying) return; // a second click is the first one
    busy(true);
    error.hidden = true;
    try {
      const { error: refused } = await stripe.confirmPayment({
        elements,
        confirmParams: { return_url: form.dataset.returnUrl },
        redirect: "if_required",
      });
      if (!refused) {
        window.location.assign(form.dataset.returnUrl);
        return;
      }
      tell(refused.message || form.dataset.failed);
    } catch {
      tell(form.dataset.failed);
    }
    busy(false);
  }

  function busy(is) {
    paying = is;
    button.setAttribute("aria-disabled", String(is));
    button.textContent = is ? form.dataset.paying : label;
  }

  function tell(words) {
    error.textContent = words;
    error.hidden = false;
  }
}
