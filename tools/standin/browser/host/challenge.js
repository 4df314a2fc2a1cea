// 3-D Secure: the bank asks in a dialog over the page. Resolves when the buyer has answered.
function challenge(url) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", "Your bank asks you to confirm this payment");
    style(dialog, {
      position: "fixed",
      inset: "0",
      width: "100vw",
      height: "100dvh",
      maxWidth: "none",
      maxHeight: "none",
      margin: "0",
      padding: "16px",
      boxSizing: "border-box",
      border: "0",
      display: "grid",
      placeItems: "center",
      background: "rgb(10 15 30 / 60%)",
    });
    const frame = new Frame(new URL(url).pathname + new URL(url).search, "Bank", done);
    style(frame.node, {
      margin: "0",
      width: "min(100%, 440px)",
      height: "min(100%, 520px)",
      borderRadius: "16px",
      boxShadow: "0 24px 64px rgb(0 0 0 / 40%)",
      background: "white",
    });

    function done(type) {
      if (type === "authenticated") {
        frame.remove();
        dialog.close();
        dialog.remove();
        resolve();
      }
    }

    // Escape is an answer too: the frame sends it as a failure.
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      frame.tell("give-up");
    });
    dialog.append(frame.node);
    document.body.append(dialog);
    dialog.showModal();
    frame.node.focus();
  });
}
