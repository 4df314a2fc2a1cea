// Our colours in the words of Stripe's Appearance API, which knows no oklch().
// https://docs.stripe.com/elements/appearance-api
export function appearance() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  return {
    theme: dark ? "night" : "stripe",
    variables: {
      colorPrimary: hex("--action"),
      colorBackground: hex("--panel"),
      colorText: hex("--ink"),
      colorTextSecondary: hex("--ink-soft"),
      colorDanger: hex("--danger"),
      borderRadius: "3px",
      fontSizeBase: "16px",
    },
  };
}

function hex(token) {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  probe.fillStyle = used(token);
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

// A property that is computed, so that light-dark() has been decided.
function used(token) {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${token})`;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
