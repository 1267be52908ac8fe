// Colours and labels for the viewer: RapiDoc 9.3.8 leaves most of its fields without a label.

const viewer = document.querySelector('rapi-doc');
const dark = matchMedia('(prefers-color-scheme: dark)');

function dress() {
  const colors = dark.matches
    ? { theme: 'dark', 'primary-color': '#8fd0c3', 'bg-color': '#141412', 'text-color': '#edebe5', 'nav-bg-color': '#1c1b19', 'nav-text-color': '#c9c5bb', 'nav-hover-bg-color': '#1c1b19', 'nav-hover-text-color': '#ffffff' }
    : { theme: 'light', 'primary-color': '#1f4d46', 'bg-color': '#ffffff', 'text-color': '#1c1b19', 'nav-bg-color': '#f1efea', 'nav-text-color': '#57534b', 'nav-hover-bg-color': '#f1efea', 'nav-hover-text-color': '#1c1b19' };
  for (const [name, value] of Object.entries(colors)) viewer.setAttribute(name, value);
}
dark.addEventListener('change', dress);
dress();

// Corrections for every shadow root: colours with enough contrast, and paths that wrap on a phone.
const corrections = new CSSStyleSheet();
corrections.replaceSync(`
  *, ::before, ::after { --green: #2b6b00 !important; --blue: #1f5f9e !important; --red: #a8322a !important; --orange: #7a4f00 !important; --light-fg: #57534b !important; --placeholder-color: #615e57 !important; }
  @media (prefers-color-scheme: dark) {
    *, ::before, ::after { --green: #7fce9f !important; --blue: #8bbdee !important; --red: #f0938a !important; --orange: #e3b65a !important; --light-fg: #b5b1a8 !important; --placeholder-color: #a8a49b !important; }
  }
  :is(.method-fg, .as-colored-text):is(.post) { color: var(--green) !important; }
  :is(.method-fg, .as-colored-text):is(.get, .head) { color: var(--blue) !important; }
  :is(.method-fg, .as-colored-text):is(.put, .patch) { color: var(--orange) !important; }
  :is(.method-fg, .as-colored-text):is(.delete) { color: var(--red) !important; }
  [part~="label-operation-path"], [part~="section-endpoint-head-path"] { overflow-wrap: anywhere; }
`);

// The viewer's elements have shadow roots, which are created as operations are shown.
const seen = new WeakSet();

function tend(root) {
  if (!seen.has(root)) {
    seen.add(root);
    root.adoptedStyleSheets.push(corrections);
    new MutationObserver(() => tend(root)).observe(root, { childList: true, subtree: true });
  }
  for (const field of root.querySelectorAll('input, select, textarea')) {
    if (!field.hasAttribute('aria-label')) field.setAttribute('aria-label', nameOf(field));
  }
  root.querySelector('nav.nav-bar')?.setAttribute('aria-label', 'Operations');
  for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) tend(shadowRoot);
}

function nameOf(field) {
  const { pname } = field.dataset;
  if (pname) return pname;
  if (field.matches('.request-body-param-user-input, [part~="textarea-param"]')) return 'Request body';
  if (field.matches('.oauth-send-client-secret-in')) return 'Where the client secret is sent';
  const given = field.placeholder || field.getAttribute('name') || field.closest('label')?.textContent.trim();
  if (given) return given;
  return field.localName === 'select' ? 'Example or media type' : 'Value';
}

if (viewer.shadowRoot) tend(viewer.shadowRoot);
else customElements.whenDefined('rapi-doc').then(() => tend(viewer.shadowRoot));
