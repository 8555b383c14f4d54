// A file of its own, so that the page's policy can refuse every inline script.
// Swagger UI brings a dark theme, but only its top bar (not used here) would switch it on.
const darkScheme = window.matchMedia('(prefers-color-scheme: dark)');

function followColorScheme() {
  document.documentElement.classList.toggle('dark-mode', darkScheme.matches);
}

followColorScheme();
darkScheme.addEventListener('change', followColorScheme);

// Without a layout of the standalone preset there is no top bar, so no box to load somebody else's document.
window.SwaggerUIBundle({
  url: '/openapi.json',
  domNode: document.getElementById('swagger-ui'),
  presets: [window.SwaggerUIBundle.presets.apis],
  plugins: [],
  layout: 'BaseLayout',
  // A link may not choose the document or the settings (?url=, ?configUrl=).
  queryConfigEnabled: false,
  // A key lives in this tab's memory only.
  persistAuthorization: false,
  // null, not the default address: no document is sent to a validator elsewhere.
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  tryItOutEnabled: true,
});
