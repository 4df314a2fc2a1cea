// Asks every few seconds whether the payment is decided, and goes where the server then leads.
// Without scripts the page refreshes itself.
const EVERY = 3000;

if (document.querySelector("[data-undecided]")) {
  window.setInterval(async () => {
    try {
      const answer = await fetch(window.location.href, { redirect: "manual" });
      if (answer.type === "opaqueredirect" || !(await answer.text()).includes("data-undecided")) {
        window.location.reload();
      }
    } catch {
      // no connection: the next time
    }
  }, EVERY);
}
