// Signing in: what is sent, what comes of errors, the offer in autofill, and the Signal API.

import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { bindPasskey, type Credential } from '../src/index.js';
import { signalAcceptedPasskeys, signalUserDetails, signIn, SignInError, type SignInOptions } from '../src/sign-in.js';
import { EMBEDDED, JWT_BINDING, World } from './world.js';

const CONFIG = 'https://bind.example.com/v1/tenants/acme/realms/eu/authenticator-configs/app';
const TOKEN = 'c2lnbi1pbi10b2tlbg';
const OPTIONS = {
  rpId: 'app.example.com',
  challenge: 'Y2hhbGxlbmdl',
  allowCredentials: [{ type: 'public-key', id: 'b3RoZXI' }],
  userVerification: 'required',
};
const ANSWER = { sign_in_token: 'eyJ.e30.c2ln', identity_id: 'ada', credential_id: 'cred-1' };
const ASSERTION = {
  id: 'a2V5',
  rawId: 'a2V5',
  type: 'public-key',
  response: { clientDataJSON: 'eyJ0eXBlIn0', authenticatorData: 'ZGF0YQ', signature: '-__-', userHandle: 'dXNlcg' },
  clientExtensionResults: {},
};

type Reply = Response | Error;
const bytes = (text: string) => new TextEncoder().encode(text);
const json = (body: unknown) => new Response(JSON.stringify(body));
const problem = (status: number, kind: string, more: object = {}, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ type: `https://x.example/problems/${kind}`, detail: TOKEN, request_id: 'req-1', ...more }), { status, headers });

const assertion = (): any => ({
  id: 'a2V5',
  rawId: bytes('key').buffer,
  type: 'public-key',
  response: {
    clientDataJSON: bytes('{"type"}').buffer,
    authenticatorData: bytes('data').buffer,
    signature: Uint8Array.of(0xfb, 0xff, 0xfe).buffer,
    userHandle: bytes('user').buffer,
  },
  toJSON: () => structuredClone(ASSERTION),
});

let replies: Record<'beginSignIn' | 'finishSignIn', Reply[]>;
let sent: Array<[verb: string, body: any]>;
let get: ReturnType<typeof vi.fn>;
let browser: Record<string, any>;

beforeEach(() => {
  replies = { beginSignIn: [], finishSignIn: [] };
  sent = [];
  get = vi.fn(async (_: CredentialRequestOptions): Promise<unknown> => assertion());
  browser = {
    isConditionalMediationAvailable: async () => true,
    parseRequestOptionsFromJSON: (options: unknown) => ({ parsed: options }),
    signalUnknownCredential: vi.fn(async () => {}),
    signalAllAcceptedCredentials: vi.fn(async () => {}),
    signalCurrentUserDetails: vi.fn(async () => {}),
  };
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('location', { hostname: 'page.example.com' });
  vi.stubGlobal('navigator', { credentials: { get } });
  vi.stubGlobal('PublicKeyCredential', browser);
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    init.signal!.throwIfAborted();
    const verb = url.slice(CONFIG.length + 1) as 'beginSignIn' | 'finishSignIn';
    sent.push([verb, JSON.parse(init.body as string)]);
    const usual = verb === 'beginSignIn' ? { token: TOKEN, request_options: OPTIONS } : ANSWER;
    const reply = replies[verb].shift() ?? json(usual);
    if (reply instanceof Error) throw reply;
    return reply;
  });
});
afterEach(() => { vi.useRealTimers(); });

const failed = (options: Partial<SignInOptions> = {}): Promise<SignInError> =>
  signIn({ config: CONFIG, ...options }).then(() => expect.fail('it should fail'), (error) => error);

// A dialogue that waits until its signal ends it.
const waits = ({ signal }: CredentialRequestOptions) => new Promise((_, reject) => {
  signal!.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
});

test('a passkey signs in', async () => {
  const signedIn = await signIn({ config: new URL(CONFIG), identityId: 'ada', nonce: 'n-1' });
  expect(signedIn).toEqual({
    token: ANSWER.sign_in_token,
    identityId: 'ada',
    credentialId: 'cred-1',
    passkey: { rpId: 'app.example.com', userHandle: 'dXNlcg' },
  });
  expect(sent).toEqual([
    ['beginSignIn', { identity_id: 'ada', nonce: 'n-1' }],
    ['finishSignIn', { token: TOKEN, credential: ASSERTION }],
  ]);
  expect(get.mock.calls[0]![0]).toMatchObject({ publicKey: { parsed: OPTIONS } });
  expect(get.mock.calls[0]![0]).not.toHaveProperty('mediation');
});

test('options are converted where parseRequestOptionsFromJSON is missing, and a clone is reported', async () => {
  delete browser.parseRequestOptionsFromJSON;
  replies.finishSignIn.push(json({ ...ANSWER, clone_suspected: true }));
  expect(await signIn({ config: CONFIG })).toMatchObject({ cloneSuspected: true });
  expect(get.mock.calls[0]![0].publicKey).toMatchObject({
    challenge: bytes('challenge'),
    rpId: 'app.example.com',
    allowCredentials: [{ type: 'public-key', id: bytes('other') }],
  });
});

test.each([
  ['toJSON is missing', (made: any) => { delete made.toJSON; }],
  ['toJSON throws', (made: any) => { made.toJSON = () => { throw new TypeError('Illegal invocation'); }; }],
  ['only toJSON has it', (made: any) => { delete made.rawId; delete made.response; }],
  ['reading the response throws', (made: any) => {
    Object.defineProperty(made, 'response', { get: () => { throw new TypeError('Illegal invocation'); } });
  }],
])('a password manager’s credential is read: %s', async (_, apply) => {
  const made = assertion();
  apply(made);
  get.mockResolvedValueOnce(made);
  await signIn({ config: CONFIG });
  expect(sent[1]![1].credential).toEqual(ASSERTION);
});

test('a device that returns no user handle signs in a user who was named', async () => {
  const made = assertion();
  made.response.userHandle = null;
  made.toJSON = undefined;
  get.mockResolvedValueOnce(made);
  expect((await signIn({ config: CONFIG, identityId: 'ada' })).passkey).toEqual({ rpId: 'app.example.com' });
  expect(sent[1]![1].credential.response).not.toHaveProperty('userHandle');
});

test.each([null, {}, { response: {} }])('a credential that cannot be read is an error of its own: %j', async (made) => {
  get.mockResolvedValueOnce(made);
  expect(await failed()).toMatchObject({ code: 'failed', reason: 'credential_unreadable' });
});

test.each([
  ['NotAllowedError', 'cancelled'],
  ['NotSupportedError', 'not_supported'],
  ['SecurityError', 'failed'],
])('%s of the device is %s', async (name, code) => {
  get.mockRejectedValueOnce(new DOMException('', name));
  expect(await failed()).toMatchObject({ name: 'SignInError', code });
});

test.each([
  [problem(404, 'unknown-credential'), 'unknown_passkey'],
  [problem(409, 'identity-suspended'), 'suspended'],
  [problem(401, 'sign-in-expired'), 'timed_out'],
  [problem(409, 'sign-in-used'), 'timed_out'],
  [problem(422, 'proof-refused', { reason: 'sign_count_regressed' }), 'policy'],
  [problem(429, 'too-many-attempts', {}, { 'Retry-After': '30' }), 'busy'],
  [new Response('<html>', { status: 503 }), 'busy'],
  [new Response('not found', { status: 404 }), 'wrong_config'],
  [new Response('hotel', { status: 200 }), 'network'],
  [new TypeError('Failed to fetch'), 'network'],
])('an error of the server has a code', async (reply, code) => {
  replies.finishSignIn.push(reply);
  const error = await failed();
  expect(error).toMatchObject({ code });
  expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(TOKEN);
  if (code === 'policy') expect(error).toMatchObject({ reason: 'sign_count_regressed', requestId: 'req-1' });
  if ('status' in reply && reply.status === 429) expect(error).toMatchObject({ retryAfter: 30 });
});

test.each([
  [problem(403, 'sign-in-disabled'), 'wrong_config'],
  [problem(403, 'untrusted-origin'), 'not_trusted_origin'],
])('a config that does not allow it: %#', async (reply, code) => {
  replies.beginSignIn.push(reply);
  expect(await failed()).toMatchObject({ code });
  expect(get).not.toHaveBeenCalled();
});

test('the device stops offering a passkey that the server does not know', async () => {
  const webauthn = { rp_id: 'app.example.com', credential_id: 'a2V5' };
  for (const signal of [browser.signalUnknownCredential, undefined, () => { throw new TypeError(); }]) {
    browser.signalUnknownCredential = signal;
    replies.finishSignIn.push(problem(404, 'unknown-credential', { webauthn }));
    expect(await failed()).toMatchObject({ code: 'unknown_passkey' });
    if (vi.isMockFunction(signal)) expect(signal.mock.calls).toEqual([[{ rpId: 'app.example.com', credentialId: 'a2V5' }]]);
  }
});

test('a browser without WebAuthn gets an error before any request is sent', async () => {
  vi.stubGlobal('navigator', {});
  expect(await failed()).toMatchObject({ code: 'not_supported' });
  expect(sent).toEqual([]);
});

test('the signal of the caller ends the dialogue', async () => {
  get.mockImplementationOnce(waits);
  const controller = new AbortController();
  const error = failed({ signal: controller.signal });
  await vi.waitFor(() => expect(get).toHaveBeenCalled());
  controller.abort();
  expect(await error).toMatchObject({ code: 'aborted' });
});

test('autofill waits, is renewed before the token expires, and signs in', async () => {
  vi.useFakeTimers();
  get.mockImplementationOnce(waits).mockImplementationOnce(waits);
  let count = 0;
  const signedIn = signIn({ config: CONFIG, autofill: true, nonce: async () => `n-${(count += 1)}` });
  await vi.advanceTimersByTimeAsync(1000);
  expect(get.mock.calls[0]![0]).toMatchObject({ mediation: 'conditional' });
  await vi.advanceTimersByTimeAsync(4 * 60_000);
  expect(get).toHaveBeenCalledTimes(2);
  Object.assign(document, { hidden: true });
  await vi.advanceTimersByTimeAsync(20 * 60_000);
  expect(get).toHaveBeenCalledTimes(2); // nobody looks at the page
  Object.assign(document, { hidden: false });
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(0);
  expect(await signedIn).toMatchObject({ identityId: 'ada' });
  expect(sent.map(([verb, { nonce }]) => nonce ?? verb)).toEqual(['n-1', 'n-2', 'n-3', 'finishSignIn']);
});

test('a click replaces the offer in autofill', async () => {
  get.mockImplementationOnce(waits);
  const offer = failed({ autofill: true });
  await vi.waitFor(() => expect(get).toHaveBeenCalled());
  expect(await signIn({ config: CONFIG })).toMatchObject({ identityId: 'ada' });
  expect(await offer).toMatchObject({ code: 'aborted' });
});

test('the caller’s signal ends the offer in autofill, before and after it began', async () => {
  get.mockImplementation(waits);
  expect(await failed({ autofill: true, signal: AbortSignal.abort() })).toMatchObject({ code: 'aborted' });
  const controller = new AbortController();
  const offer = failed({ autofill: true, signal: controller.signal });
  await vi.waitFor(() => expect(get).toHaveBeenCalled());
  controller.abort();
  expect(await offer).toMatchObject({ code: 'aborted' });
});

test.each([
  ['is missing', undefined],
  ['says no', async () => false],
  ['throws', () => { throw new TypeError('Illegal invocation'); }],
])('autofill is not supported where isConditionalMediationAvailable %s', async (_, isConditionalMediationAvailable) => {
  Object.assign(browser, { isConditionalMediationAvailable });
  expect(await failed({ autofill: true })).toMatchObject({ code: 'not_supported' });
  expect(sent).toEqual([]);
});

test('a software key signs the token with the server’s time', async () => {
  const world = new World();
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('PublicKeyCredential', undefined);
  vi.stubGlobal('navigator', {});
  world.info = { jwt_binding: JWT_BINDING };
  const { credential } = await bindPasskey(EMBEDDED, { mechanisms: ['JWT'] });
  const hour = 60 * 60_000;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    sent.push([url.split(':').pop()!, JSON.parse(init.body as string)]);
    const body = url.endsWith(':beginSignIn') ? { token: TOKEN, request_options: OPTIONS } : ANSWER;
    return new Response(JSON.stringify(body), { headers: { Date: new Date(Date.now() + hour).toUTCString() } });
  });
  const signedIn = await signIn({ config: CONFIG, softwareKeyOf: credential });
  expect(signedIn).not.toHaveProperty('passkey');
  const jws: string = sent.at(-1)![1].credential;
  const [header, claims] = jws.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  expect(claims).toMatchObject({ sub: 'CN=ada, OU=eu, O=acme', token: TOKEN });
  expect(Math.abs(claims.iat * 1000 - (Date.now() + hour))).toBeLessThan(5000);
  const key = await crypto.subtle.importKey('jwk', header.jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  const [signed, signature] = [jws.slice(0, jws.lastIndexOf('.')), Buffer.from(jws.split('.')[2]!, 'base64url')];
  expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, bytes(signed))).toBe(true);

  const elsewhere: Credential = { ...credential, id: 'cred-2', job_id: 'job-2' };
  expect(await failed({ softwareKeyOf: elsewhere })).toMatchObject({ code: 'not_supported', reason: 'no_software_key' });
});

test('the Signal API is used where the browser has it, and never throws', async () => {
  const passkey = { rpId: 'app.example.com', userHandle: 'dXNlcg' };
  await signalAcceptedPasskeys(passkey, ['a2V5']);
  await signalUserDetails(passkey, { name: 'ada', displayName: 'Ada' });
  expect(browser.signalAllAcceptedCredentials.mock.calls).toEqual([
    [{ rpId: 'app.example.com', userId: 'dXNlcg', allAcceptedCredentialIds: ['a2V5'] }],
  ]);
  expect(browser.signalCurrentUserDetails.mock.calls).toEqual([
    [{ rpId: 'app.example.com', userId: 'dXNlcg', name: 'ada', displayName: 'Ada' }],
  ]);
  await signalAcceptedPasskeys({ rpId: 'app.example.com' }, []);
  expect(browser.signalAllAcceptedCredentials).toHaveBeenCalledTimes(1);
  for (const state of [undefined, () => { throw new TypeError(); }, () => Promise.reject(new TypeError())]) {
    Object.assign(browser, { signalAllAcceptedCredentials: state, signalCurrentUserDetails: state });
    await signalAcceptedPasskeys(passkey, []);
    await signalUserDetails(passkey, { name: 'a', displayName: 'A' });
  }
  vi.stubGlobal('PublicKeyCredential', undefined);
  await signalAcceptedPasskeys(passkey, []);
});
