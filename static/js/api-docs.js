// Draws the API's reference from its description. A file of its own: the CSP allows no inline script.

const place = document.getElementById("api-reference");
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function follow() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

if (place && window.SwaggerUIBundle) {
  follow();
  place.lang = "en"; // whatever the page around it speaks
  dark.addEventListener("change", follow);
  window.SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    presets: [window.SwaggerUIBundle.presets.apis],
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: false,
    persistAuthorization: false,
    tryItOutEnabled: false,
    // Nothing of ours is checked by somebody else's server.
    validatorUrl: null,
  });
}
