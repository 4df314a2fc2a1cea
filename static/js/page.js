// Keeps a form from being sent twice by an impatient finger. The server would answer the second one
// the same way; this only spares the guest the wait.
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("[data-once]")
    ?? document.querySelector(`[data-once][form="${event.target.id}"]`);
  if (!button || event.defaultPrevented) return;
  if (button.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    return;
  }
  button.setAttribute("aria-disabled", "true");
});

// Coming back with the back button restores the page as it was left: disarmed.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-once][aria-disabled]")) {
    button.removeAttribute("aria-disabled");
  }
});
