type Headers = Readonly<Record<string, string>>;

// Nothing inline, not even a style: what Swagger UI styles by itself it sets through the DOM, which a policy does not see.
// connect-src also keeps a key typed into the page from being sent to another origin.
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

// The camera's picture goes to this origin and nowhere else. `wasm-unsafe-eval`: WebAssembly may be compiled, text not be run.
const VERIFY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const NO_CAMERA = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()';
const OWN_CAMERA = 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()';

const SECURE: Headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export const DOCS_HEADERS: Headers = {
  ...SECURE,
  'content-security-policy': DOCS_POLICY,
  'permissions-policy': NO_CAMERA,
};

export const VERIFY_HEADERS: Headers = {
  ...SECURE,
  'content-security-policy': VERIFY_POLICY,
  'permissions-policy': OWN_CAMERA,
  // A link for one person, in nobody's index.
  'x-robots-tag': 'noindex, nofollow',
};

/** Any page may embed the element. A worker goes by the policy of its own script, so the files of the element bring it. */
export const OPEN_ASSET_HEADERS: Headers = {
  ...SECURE,
  'content-security-policy': VERIFY_POLICY,
  'permissions-policy': NO_CAMERA,
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
};
