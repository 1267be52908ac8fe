// The end of the quick start: the job of the code on the redirect URI, and a sign-in with the new passkey.
//
// In an app, the back end redeems the code and verifies the token. This page does both itself, to show their content.

import { ask, byId, element, jobPage } from './dom.js';
import { signIn } from './sign-in-sdk.js';

const REALM = '/v1/tenants/demo/realms/demo';
const CONFIG = `${location.origin}${REALM}/authenticator-configs/hosted`;
const KEPT = 'arrived'; // a code is redeemed once; a reload shows the same job

const fact = (name, value) => [element('dt', {}, name), element('dd', {}, value)];
const token = async (scope) => {
  const client = { grant_type: 'client_credentials', client_id: 'local', client_secret: 'local' };
  return (await ask('POST', '/oauth2/token', { body: new URLSearchParams({ ...client, scope }) })).access_token;
};

async function arrive() {
  const code = new URLSearchParams(location.search).get('code');
  if (code) {
    history.replaceState(null, '', location.pathname);
    const headers = { authorization: `Bearer ${await token('credential-binding-jobs:read')}` };
    const { credential_binding_job: job } = await ask('POST', `${REALM}/credential-binding-jobs:redeem`, { headers, body: { code } });
    const reader = { authorization: `Bearer ${await token('identities:read')}` };
    const { display_name: name } = await ask('GET', `${REALM}/identities/${encodeURIComponent(job.identity_id)}`, { headers: reader });
    sessionStorage.setItem(KEPT, JSON.stringify({ job, name }));
  }
  const { job, name } = JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  if (!job) return;
  byId('title').textContent = `Welcome, ${name}`;
  byId('text').textContent = 'Your passkey exists. The code on the redirect URI told your app who you are:';
  byId('job').append(
    ...fact('Identity', job.identity_id),
    ...fact('Job', element('a', { href: jobPage(job) }, element('code', {}, job.id))),
    ...fact('Passkey', element('code', {}, job.credential_id)),
  );
  byId('job').hidden = false;
}

// ---- Signing in ----------------------------------------------------------------------------------

const MESSAGES = {
  cancelled: 'Not signed in: the device’s dialogue was cancelled, or this device has no passkey of this stack.',
  unknown_passkey: 'This passkey was revoked, or belongs to data that was deleted. The device was asked to forget it.',
  suspended: 'This account is suspended.',
  not_supported: 'This browser has no passkeys.',
  wrong_config: 'Sign-in is not enabled in the authenticator config “hosted”, or there is no such config.',
};

async function useIt() {
  const said = byId('said');
  byId('signed-in').hidden = true;
  said.textContent = 'Follow your device’s instructions.';
  delete said.dataset.tone;
  try {
    const nonce = crypto.randomUUID();
    const { token: signed, identityId } = await signIn({ config: CONFIG, nonce });
    const claims = await verify(signed);
    if (claims.nonce !== nonce) throw new Error('The token has another nonce.');
    said.textContent = `Signed in as ${identityId}.`;
    byId('claims').replaceChildren(...Object.entries(claims).flatMap(([name, value]) => fact(name, element('code', {}, show(name, value)))));
    byId('signed-in').hidden = false;
  } catch (error) {
    said.textContent = MESSAGES[error.code] ?? error.message;
    said.dataset.tone = 'bad';
  }
}

const show = (name, value) => (['iat', 'exp', 'auth_time'].includes(name) ? new Date(value * 1000).toISOString()
  : typeof value === 'string' ? value : JSON.stringify(value));

// Verifies a sign-in token like a back end with a library, and returns its claims.
async function verify(jws) {
  const [header, claims, signature] = jws.split('.').map(bytes);
  const { alg, kid, typ } = JSON.parse(new TextDecoder().decode(header));
  const { keys } = await ask('GET', '/.well-known/jwks.json');
  const jwk = keys.find((key) => key.kid === kid);
  if (!jwk || alg !== 'ES256' || typ !== 'passkey-sign-in+jwt') throw new Error('The token is not a sign-in token of this stack.');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
  const signed = new TextEncoder().encode(jws.slice(0, jws.lastIndexOf('.')));
  if (!(await crypto.subtle.verify(algorithm, key, signature, signed))) throw new Error('The token’s signature is invalid.');
  return JSON.parse(new TextDecoder().decode(claims));
}

const bytes = (base64url) =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));

byId('sign-in').addEventListener('click', useIt);
arrive().catch((error) => { byId('text').textContent = error.message; });
