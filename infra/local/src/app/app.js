// The sample app's page: signs in, with a passkey too, and adds a passkey with one tap. The link for it is never on the screen.

import { bindPasskey, isBindLink } from './sdk.js';
import { canAutofill, signalAcceptedPasskeys, signalUserDetails, signIn } from './sign-in-sdk.js';
import { outcomes, signInFailures, unknown } from './outcomes.js';

const $ = (id) => document.getElementById(id);
const { api } = document.documentElement.dataset;

// The user followed a link that reached them in another way: it leads here with a token, which must not stay visible.
const invited = location.pathname === '/bind';
const given = invited && location.search !== '';
let link = given && isBindLink(location.href) ? location.href : undefined;
if (invited) history.replaceState(null, '', '/bind');

let resume; // sends the key that the device has already made

// ---- The one tap ---------------------------------------------------------------------------------

async function addPasskey() {
  begin();
  try {
    const { credential, redirectUri } = await (resume ? resume() : bindPasskey(link ?? (await newLink()), {
      apiOrigins: [api],
      onProgress: reached,
    }));
    resume = link = undefined;
    keepSoftwareKey(credential);
    succeed(credential, redirectUri);
  } catch (error) {
    resume = error.resume;
    fail(error);
  }
}

async function newLink() {
  ({ link } = await ask('POST', '/passkeys'));
  reached('LINK_SENT');
  return link;
}

async function ask(method, path, body) {
  const response = await fetch(path, { method, body: body && JSON.stringify(body) }).catch(() => {
    throw Object.assign(new Error('offline'), { code: 'network' });
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.message), { status: response.status });
  return answer;
}

// ---- What the user sees --------------------------------------------------------------------------

const steps = [...document.querySelectorAll('[data-step]')];

function begin() {
  delete document.documentElement.dataset.outcome;
  $('attempt').hidden = false;
  $('outcome').hidden = true;
  $('add').disabled = true;
  if (!resume) steps.forEach((step) => step.classList.remove('done'));
  if (link) reached('LINK_SENT');
  if (!link) wait(steps[0]);
}

function reached(name) {
  const index = steps.findIndex((step) => step.dataset.step === name);
  steps.slice(0, index + 1).forEach((step) => step.classList.add('done'));
  wait(steps[index + 1]);
}

function wait(next) {
  for (const step of steps) step.removeAttribute('aria-current');
  next?.setAttribute('aria-current', 'step');
}

function succeed(credential, redirectUri) {
  const software = credential.csr_type === 'JWT';
  say('good', software ? 'A key was added' : 'Your passkey is ready', software
    ? 'This device has no passkeys, so the key is kept in this browser.'
    : 'Next time, sign in with your fingerprint, your face or your screen lock.');
  document.documentElement.dataset.outcome = 'COMPLETE';
  $('lead').textContent = '';
  show(credential, true);
  $('add').disabled = false;
  $('add').textContent = 'Add another passkey';
  $('add').hidden = invited;
  if (redirectUri) $('continue').href = redirectUri;
  $('continue').hidden = !redirectUri;
}

function fail({ code, reason, requestId, retryAfter, status }) {
  if (status === 401) return start();
  const { heading, text, again } = outcomes[code] ?? unknown;
  const wait = retryAfter ? ` Wait ${retryAfter} s.` : '';
  const trace = [reason && `Reason: ${reason}`, requestId && `Request: ${requestId}`];
  say('bad', heading, text + wait, ['failed', 'policy', 'not_trusted_origin'].includes(code) ? trace : []);
  document.documentElement.dataset.outcome = code ?? 'failed';
  if (again === 'new') link = undefined;
  // An invited user has only the one link.
  const possible = again === 'same' || (again === 'new' && !invited);
  $('add').hidden = !possible;
  $('add').disabled = false;
  $('add').textContent = 'Try again';
}

function say(tone, heading, text, trace = []) {
  wait();
  $('attempt').hidden = false;
  $('attempt').classList.toggle('failed-early', !steps.some((step) => step.classList.contains('done')));
  $('outcome').dataset.tone = tone;
  $('outcome-heading').textContent = heading;
  $('outcome-text').textContent = text;
  $('outcome-trace').textContent = trace.filter(Boolean).join(' · ');
  $('outcome').hidden = false;
}

const yesNo = (value) => (value === undefined ? undefined : value ? 'yes' : 'no');

// A credential's facts, as Bindery returns them. Absent ones are omitted.
function show({ id, csr_type: kind, algorithm, create_time: made, jwk_thumbprint: thumbprint, webauthn = {} }, isNew = false) {
  const card = $('passkey').content.cloneNode(true).firstElementChild;
  card.classList.toggle('new', isNew);
  card.querySelector('h2').textContent = `${kind === 'JWT' ? 'Key in a browser' : 'Passkey'}${isNew ? ', just now' : ''}`;
  const facts = {
    made: made && new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(made)),
    kind: kind && [kind, algorithm].filter(Boolean).join(', '),
    verified: yesNo(webauthn.user_verified),
    synced: yesNo(webauthn.backup_state),
    id,
    thumbprint,
  };
  for (const [name, fact] of Object.entries(facts)) {
    const place = card.querySelector(`[data-fact="${name}"]`);
    place.textContent = fact ?? '';
    place.parentElement.hidden = fact === undefined;
  }
  $('passkeys').prepend(card);
}

// ---- Signing in with a passkey -------------------------------------------------------------------

const CONFIG = `${api}/v1/tenants/demo/realms/demo/authenticator-configs/embedded`;
const KEY = 'software-key'; // the credential whose key is in this browser

let offer; // what offers passkeys in the autofill of the user name

const nonce = async () => (await ask('POST', '/nonce')).nonce;

async function signInWith(options) {
  const { token, passkey } = await signIn({ config: CONFIG, nonce, ...options });
  await ask('POST', '/session', { token });
  await start();
  if (passkey) await tellDevice(passkey);
}

// The device hides revoked passkeys, and shows the user's current name.
async function tellDevice(passkey) {
  const { name, username, passkeys } = await ask('GET', '/session');
  await signalAcceptedPasskeys(passkey, passkeys.map(({ webauthn }) => webauthn?.credential_id).filter(Boolean));
  await signalUserDetails(passkey, { name: username ?? name, displayName: name });
}

async function offerPasskeys() {
  offer?.abort();
  const mine = (offer = new AbortController());
  if (!(await canAutofill())) return;
  await signInWith({ autofill: true, signal: mine.signal }).catch((error) => {
    // The user started nothing, so nothing is reported when the browser withdraws the offer.
    if (error.code !== 'cancelled') failToSignIn(error);
  });
}

async function pressed(options) {
  $('sign-in-error').textContent = '';
  await signInWith(options).catch((error) => {
    failToSignIn(error);
    return offerPasskeys();
  });
}

function failToSignIn({ code, message }) {
  if (code === 'aborted') return;
  $('sign-in-error').textContent = signInFailures[code] ?? message;
}

function keepSoftwareKey({ csr_type: kind, tenant_id, realm_id, identity_id, job_id, id }) {
  if (kind === 'JWT') localStorage.setItem(KEY, JSON.stringify({ tenant_id, realm_id, identity_id, job_id, id }));
}

$('use-passkey').addEventListener('click', () => pressed({}));
$('software-key').addEventListener('click', () => pressed({ softwareKeyOf: JSON.parse(localStorage.getItem(KEY)) }));

// ---- The session ---------------------------------------------------------------------------------

function welcome(greeting, lead) {
  $('sign-in').hidden = true;
  $('home').hidden = false;
  $('greeting').textContent = greeting;
  $('lead').textContent = lead;
}

async function start() {
  const user = await ask('GET', '/session').catch(() => undefined);
  $('sign-in').hidden = Boolean(user);
  $('sign-out').hidden = !user;
  $('home').hidden = !user;
  if (!user) {
    $('software-key').hidden = !localStorage.getItem(KEY);
    $('use-passkey').hidden = !('PublicKeyCredential' in globalThis);
    document.querySelector('.or').hidden = $('use-passkey').hidden && $('software-key').hidden;
    $('username').focus();
    return offerPasskeys();
  }
  offer?.abort();
  const { name, passkeys } = user;
  welcome(`Hello, ${name}`, passkeys.length > 0
    ? 'Your passkeys are below.'
    : 'You have no passkey yet. With one there is no password to remember, and none to steal.');
  $('passkeys').replaceChildren();
  passkeys.toReversed().forEach((passkey) => show(passkey));
  $('add').hidden = false;
}

function startInvited() {
  welcome('Create your passkey', link
    ? 'Demo Inc. invites you to create a passkey. Your device asks for your fingerprint, your face or your screen lock.'
    : '');
  if (!link) return fail({ code: given ? 'wrong_link' : 'opener' });
  $('add').textContent = 'Create passkey';
  $('add').hidden = false;
}

$('add').addEventListener('click', addPasskey);
$('local').href = `${api}/_local/`;
$('sign-out').addEventListener('click', () => ask('DELETE', '/session').finally(() => location.reload()));
$('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  $('sign-in-error').textContent = '';
  try {
    await ask('POST', '/session', { username: $('username').value });
    await start();
  } catch (error) {
    $('sign-in-error').textContent = error.code === 'network' ? 'The server does not answer.' : error.message;
  }
});

if (invited) startInvited();
else start();
