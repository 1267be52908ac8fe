// The page behind a mailed link: shows who asks, and upon a click creates the passkey.
//
// The secret of the link lives in one variable of this module and nowhere else: not in the address bar,
// not in storage, not in a log. Loading the page reads from the server and changes nothing there;
// only the click on the button does.

const text = {
  someone: 'The sender of your link',
  create: 'Create passkey',
  retry: 'Try again',
  otherDevice: 'Use another device',
  proceed: 'Continue',
  support: 'Contact support',
  preparing: 'Getting things ready…',
  device: 'Follow your device’s instructions.',
  saving: 'Saving your passkey…',
  leaving: 'Taking you to {host}…',
  stay: 'You can close this page.',
  wait: 'Try again in {time}.',
  reason: 'Reason: ',
  request: 'Request: ',

  // tone colours the drawing; heading is the title of the window too; {from} is who asks.
  states: {
    checking: { tone: 'plain', heading: 'Checking your link', lead: 'One moment, please.' },
    ready: {
      tone: 'plain',
      heading: 'Create your passkey',
      lead: '{from} invites you to create a passkey. Your device will ask for your fingerprint, your face or your screen lock. There is nothing to remember.',
      note: 'Not expecting this? You can close this page: nothing happens, and the link expires on its own.',
    },
    working: { tone: 'plain', heading: 'Creating your passkey', lead: 'Keep this page open until your passkey is ready.' },
    done: {
      tone: 'good',
      heading: 'Your passkey is ready',
      lead: 'From now on you sign in to {from} with your fingerprint, your face or your screen lock.',
    },
    expired: {
      tone: 'warn',
      heading: 'This link has expired',
      lead: 'Links work for a limited time only. Ask {from} to send you a new one.',
    },
    revoked: {
      tone: 'warn',
      heading: 'This link was withdrawn',
      lead: '{from} has withdrawn this link. If you still need a passkey, ask for a new link. There may be a newer one in your mail already.',
    },
    'failed-to-send': {
      tone: 'warn',
      heading: 'This link is not valid',
      lead: 'The mail with this link could not be delivered, so the link was cancelled. Ask {from} to check your mail address and to send a new one.',
    },
    used: {
      tone: 'warn',
      heading: 'This link was already used',
      lead: 'A passkey was already made with this link. If that was you, you are done: sign in with it.',
      note: 'If it was not you, tell support at {from} right away.',
    },
    'wrong-link': {
      tone: 'warn',
      heading: 'This link is not complete',
      lead: 'Part of the link is missing or wrong. Open it straight from the message, or copy all of it into the address bar.',
      note: 'If it still does not work, ask for a new link.',
    },
    unsupported: {
      tone: 'warn',
      heading: 'Passkeys do not work here',
      lead: 'This browser or device cannot create this passkey. Open the link you were sent on your phone, or in another browser.',
      note: 'Your link is still good: nothing was used up.',
    },
    cancelled: {
      tone: 'warn',
      heading: 'No passkey was created',
      lead: 'It was cancelled, or it took too long. Nothing is lost: your link still works.',
    },
    exists: {
      tone: 'good',
      heading: 'You already have a passkey here',
      lead: 'You already have a passkey for {from} on this device, and you can sign in with it.',
      note: 'You can also add one on a phone, a security key or another device.',
    },
    offline: {
      tone: 'warn',
      heading: 'No connection',
      lead: 'We could not reach the server. Check your connection, then try again. Nothing is lost.',
    },
    busy: {
      tone: 'warn',
      heading: 'Please try again shortly',
      lead: 'The server is busy at the moment. Nothing is lost: your link still works.',
    },
    refused: {
      tone: 'bad',
      heading: 'The passkey was not accepted',
      lead: 'Your device made a passkey, but the server could not accept it. You can try again, perhaps with another device or browser.',
      note: 'If it happens again, send support the lines below.',
    },
  },

  // The same states with other words, for a cause of their own.
  opener: {
    heading: 'Open the link from your mail again',
    lead: 'For your safety this page forgets the link when it is reloaded.',
    note: '',
  },
  trouble: {
    heading: 'Something went wrong',
    lead: 'The passkey could not be created. You can try again, perhaps with another device or browser. Your link still works.',
  },
  tooMany: { lead: 'There were too many attempts with this link. Wait a little, then try again. Your link still works.' },
};

const stateOfJob = {
  COMPLETE: 'used',
  EXPIRED: 'expired',
  REVOKED: 'revoked',
  FAILED_TO_SEND: 'failed-to-send',
};

const stateOfProblem = {
  'job-complete': 'used',
  'job-expired': 'expired',
  'job-revoked': 'revoked',
  'job-failed-to-send': 'failed-to-send',
  'too-many-attempts': 'busy',
  'ceremony-expired': 'cancelled',
};

const mayTryAgain = ['cancelled', 'exists', 'offline', 'busy', 'refused'];
const redirectDelay = 2000;
const answerWithin = 30000;

const dark = matchMedia('(prefers-color-scheme: dark)');
const $ = (id) => document.getElementById(id);

// ---- What the page knows -------------------------------------------------------------------------

let link = takeLink(); // { given, job, secret }
let preview; // who asks and for whom
let unsaved; // { ceremony, proof }: made by the device, with no answer from the server yet

// Reads the link and clears the address bar at once: nobody who looks at the screen, the history or a
// shared tab is to find the secret there.
function takeLink() {
  const fragment = location.hash.slice(1);
  if (fragment) history.replaceState(null, '', location.pathname + location.search);
  const [job, query] = fragment.split('?');
  const id = String.raw`(?!\.\.?(?:/|$))[\w.~-]{1,128}`;
  const jobs = new RegExp(`^/v1/tenants/${id}/realms/${id}/identities/${id}/credential-binding-jobs/${id}$`);
  return { given: fragment !== '', job: jobs.test(job) ? job : undefined, secret: new URLSearchParams(query).get('token') };
}

// ---- The steps -----------------------------------------------------------------------------------

// Whatever a step comes to, the page ends in a state that says what to do next.
async function run(step) {
  try {
    await step();
  } catch (error) {
    fail(error instanceof Stop ? error : new Stop('refused', { reason: error.name }));
  }
}

async function look() {
  show('checking');
  preview = await call('preview', link.secret);
  fillCard(preview);
  show(stateOfJob[preview.state] ?? 'ready');
}

// No pause between the click and the device's dialogue but for the two requests: Safari ties the one to the other.
async function create() {
  show('working', { progress: text.preparing });
  const { token: ceremony } = await call('open', link.secret);
  const { creation_options: options } = await call('getInfo', ceremony);
  if (!options) throw new Stop('refused', { reason: 'creation_options' });
  $('progress').textContent = text.device;
  const credential = await askDevice(options);
  unsaved = { ceremony, proof: { type: 'FIDO2', raw: registrationJson(credential) }, rp: options.rp?.id };
  await save();
}

async function save() {
  show('working', { progress: text.saving });
  try {
    await call('bind', unsaved.ceremony, unsaved.proof);
  } catch (stop) {
    // An earlier try got through, and only its answer was lost: the passkey that exists is this one.
    if (!stop.saved) throw stop;
  }
  unsaved = undefined;
  link = undefined; // used up: let it go
  finish();
}

function finish() {
  const target = webUrl(preview.post_binding_redirect_uri);
  show('done', { progress: target && fill(text.leaving, { host: target.host }), note: target ? '' : text.stay });
  if (!target) return;
  $('continue').href = target.href;
  $('continue').hidden = false;
  setTimeout(() => location.assign(target.href), redirectDelay);
}

function fail(stop) {
  const refused = stop.state === 'refused';
  show(stop.state, refused && !unsaved ? text.trouble : stop.words, stop.trace);
  // A proof whose fate is unknown is kept, so that "try again" sends it once more instead of asking the device
  // for a second passkey. Every other answer settles it.
  if (['offline', 'busy'].includes(stop.state)) return;
  if (refused && unsaved) withdrawFromDevice(unsaved);
  unsaved = undefined;
}

function again() {
  if (unsaved) return save();
  return preview ? create() : look();
}

// ---- The server ----------------------------------------------------------------------------------

// The end of the road for one attempt: the state to show, other words for it, small print for support.
class Stop extends Error {
  constructor(state, trace, words) {
    super(state);
    Object.assign(this, { state, trace, words });
  }
}

async function call(verb, bearer, body) {
  const headers = { Authorization: `Bearer ${bearer}`, Accept: 'application/json' };
  if (body) headers['Content-Type'] = 'application/json';
  // The API lies beside this page, whatever path it is served under.
  const base = location.pathname.replace(/\/bind\/?$/, '');
  let response, answer;
  try {
    response = await fetch(`${base}${link.job}:${verb}`, {
      method: verb === 'preview' ? 'GET' : 'POST',
      headers,
      body: body && JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout?.(answerWithin),
    });
    const content = await response.text();
    answer = response.ok ? JSON.parse(content) : problemIn(content);
  } catch {
    // No answer, half an answer, or somebody else's (a hotel's log-in page).
    throw new Stop('offline');
  }
  if (!response.ok) throw stopFor(response, answer);
  return answer;
}

function problemIn(content) {
  try {
    return JSON.parse(content) ?? {};
  } catch {
    return {}; // an error page from something in between
  }
}

function stopFor(response, problem) {
  const kind = String(problem.type ?? '').split('/').pop();
  if (kind === 'job-complete' && problem.credential_id) return Object.assign(new Stop('used'), { saved: true });
  const trace = { reason: problem.reason ?? problem.code, request: problem.request_id };
  const state = stateOfProblem[kind] ?? stateOfStatus(response.status);
  if (state === 'busy') {
    const words = kind === 'too-many-attempts' ? text.tooMany : {};
    return new Stop(state, { request: trace.request }, { ...words, note: waitingTime(response.headers.get('Retry-After')) });
  }
  return new Stop(state, state === 'refused' ? trace : {});
}

function stateOfStatus(status) {
  if (status === 404) return 'wrong-link';
  return status === 429 || status >= 500 ? 'busy' : 'refused';
}

function waitingTime(retryAfter) {
  const seconds = Number(retryAfter);
  if (!(seconds > 0)) return '';
  const [amount, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return fill(text.wait, { time: new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(amount) });
}

// ---- The device ----------------------------------------------------------------------------------

const canCreate = () => isSecureContext && 'PublicKeyCredential' in window && Boolean(navigator.credentials?.create);

const stateOfDeviceError = {
  NotAllowedError: 'cancelled', // cancelled, timed out, or the window lost the focus: browsers do not say which
  AbortError: 'cancelled',
  InvalidStateError: 'exists',
  NotSupportedError: 'unsupported',
  ConstraintError: 'unsupported',
};

async function askDevice(options) {
  try {
    return await navigator.credentials.create({ publicKey: creationOptions(options) });
  } catch (error) {
    const state = stateOfDeviceError[error.name];
    throw state ? new Stop(state) : new Stop('refused', { reason: error.name });
  }
}

// The two conversions below stand in for browsers that came before WebAuthn Level 3.
function creationOptions(json) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  return {
    ...json,
    challenge: bytes(json.challenge),
    user: { ...json.user, id: bytes(json.user.id) },
    excludeCredentials: json.excludeCredentials?.map((known) => ({ ...known, id: bytes(known.id) })),
  };
}

function registrationJson(credential) {
  try {
    return credential.toJSON();
  } catch {
    // None there, or that of a password manager's look-alike object, which throws.
  }
  const { response } = credential;
  const publicKey = response.getPublicKey?.();
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      clientDataJSON: base64url(response.clientDataJSON),
      attestationObject: base64url(response.attestationObject),
      authenticatorData: response.getAuthenticatorData && base64url(response.getAuthenticatorData()),
      transports: response.getTransports?.() ?? [],
      publicKey: publicKey ? base64url(publicKey) : undefined,
      publicKeyAlgorithm: response.getPublicKeyAlgorithm?.(),
    },
  };
}

const bytes = (encoded) => Uint8Array.from(atob(encoded.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

function base64url(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

// A refused passkey is of no use, yet the device would go on offering it at sign-in. Browsers that know how are told.
function withdrawFromDevice({ proof, rp }) {
  window.PublicKeyCredential.signalUnknownCredential?.({ rpId: rp ?? location.hostname, credentialId: proof.raw.id })?.catch(() => {});
}

// ---- What the user sees --------------------------------------------------------------------------

function show(state, words = {}, trace = {}) {
  const { tone, heading, lead, note = '', progress = '' } = { ...text.states[state], ...words };
  const root = document.documentElement;
  root.dataset.tone = tone;
  $('card').hidden = false;
  $('heading').textContent = fill(heading);
  $('lead').textContent = fill(lead);
  $('progress').textContent = progress;
  write($('note'), fill(note));
  write($('trace'), [
    trace.reason && text.reason + trace.reason,
    trace.request && text.request + trace.request,
  ].filter(Boolean).join('\n'));
  $('facts').hidden = !preview || !['ready', 'working', ...mayTryAgain].includes(state);
  $('create').hidden = state !== 'ready';
  $('retry').hidden = !mayTryAgain.includes(state);
  $('retry').textContent = state === 'exists' ? text.otherDevice : text.retry;
  $('support').hidden = !$('support-link').href || ['checking', 'working', 'done'].includes(state);
  document.title = [heading, preview?.realm?.display_name].filter(Boolean).join(' – ');
  // A screen reader goes on from here; not while the first look is still under way, nor twice for one state.
  if (state !== 'checking' && root.dataset.state !== state) $('heading').focus();
  root.dataset.state = state;
}

// Names are marked off, so that one written from right to left does not turn the words around it.
function fill(pattern, values = { from: preview?.realm?.display_name || text.someone }) {
  return pattern.replace(/\{(\w+)\}/g, (_, name) => `\u2068${values[name]}\u2069`);
}

function write(element, content) {
  element.textContent = content;
  element.hidden = content === '';
}

function fillCard({ realm, identity, expire_time, theme = {} }) {
  fact('realm', realm?.display_name);
  fact('identity', identity?.display_name);
  fact('expires', localTime(expire_time));
  $('expires').dateTime = expire_time;
  $('expires').lang = navigator.language;
  const support = webUrl(theme.support_url);
  if (support) $('support-link').href = support.href;
  dress(theme);
  dark.addEventListener('change', () => dress(theme));
}

function fact(id, value) {
  $(id).textContent = value ?? '';
  $(id).closest('div').hidden = !value;
}

// In the user's own language and time zone, even though the page speaks English.
function localTime(rfc3339) {
  const time = new Date(rfc3339);
  return Number.isNaN(time.getTime()) ? '' : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}

function dress({ logo_url_light, logo_url_dark, button_color: ground, button_text_color: ink }) {
  const logo = $('logo');
  const wanted = dark.matches ? logo_url_dark : logo_url_light;
  logo.src = wanted || logo_url_light || logo_url_dark || '';
  logo.alt = preview.realm?.display_name ?? '';
  logo.classList.toggle('plate', !wanted);
  logo.hidden = !logo.getAttribute('src');

  // A realm's colours are taken only if its button can be read (WCAG AA).
  if (!(contrast(ground, ink) >= 4.5)) return;
  const { style } = document.documentElement;
  style.setProperty('--button', ground);
  style.setProperty('--button-text', ink);
  // A button in the colour of the card would be words without a shape: it gets an edge.
  const card = dark.matches ? '#161d2d' : '#ffffff';
  style.setProperty('--button-edge', contrast(ground, card) < 1.5 ? ink : 'transparent');
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// Relative luminance as WCAG defines it; NaN for what is no colour, and then no contrast is enough.
function luminance(colour) {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return NaN;
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// An absolute http(s) URL or nothing: no javascript:, no data:, no app scheme.
function webUrl(address) {
  try {
    const url = new URL(address);
    return ['https:', 'http:'].includes(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

// ---- Start ---------------------------------------------------------------------------------------

$('create').textContent = text.create;
$('continue').textContent = text.proceed;
$('support-link').textContent = text.support;
$('create').addEventListener('click', () => run(create));
$('logo').addEventListener('error', () => { $('logo').hidden = true; });
$('retry').addEventListener('click', () => run(again));

// A second link pasted into this tab changes the fragment only, which loads nothing by itself.
addEventListener('hashchange', () => { if (location.hash) location.reload(); });

if (!link.given) show('wrong-link', text.opener);
else if (!link.job || !link.secret) show('wrong-link');
else if (!canCreate()) show('unsupported');
else run(look);
