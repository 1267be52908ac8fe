import { beforeEach, expect, test, vi } from 'vitest';

import { bindPasskey, softwareKey, type BindError } from '../src/index.js';
import { fromBase64url } from '../src/base64url.js';
import { CEREMONY, CREDENTIAL, EMBEDDED, HOSTED, IDS, JWT_BINDING, OPTIONS, World, json, problem } from './world.js';

let world: World;

beforeEach(() => {
  world = new World();
  world.hasAuthenticator.mockResolvedValue(false);
});

const failure = async (attempt: Promise<unknown>): Promise<BindError> =>
  attempt.then(() => expect.fail('it should fail'), (error) => error);
const PENDING = { ...IDS, id: IDS.job_id };

function read(jws: string) {
  const [header, claims] = jws.split('.').map((part) => fromBase64url(part));
  const parse = (bytes: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(bytes));
  return { header: parse(header), claims: parse(claims) };
}

async function isSigned(jws: string): Promise<boolean> {
  const [header, claims, signature] = jws.split('.') as [string, string, string];
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', read(jws).header.jwk, algorithm, false, ['verify']);
  return crypto.subtle.verify(algorithm, key, fromBase64url(signature), new TextEncoder().encode(`${header}.${claims}`));
}

test('a device without an authenticator gets a software key', async () => {
  const { credential } = await bindPasskey(EMBEDDED);
  const [proof] = await world.proofs();
  expect(proof!.type).toBe('JWT');
  const { header, claims } = read(proof!.raw);
  expect(header).toEqual({ alg: 'ES256', typ: 'JWT', jwk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) } });
  const { iat, ...others } = claims;
  expect(others).toEqual({ sub: 'CN=ada, OU=eu, O=acme', nonce: JWT_BINDING.nonce, aud: JWT_BINDING.aud });
  expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(2);
  expect(await isSigned(proof!.raw)).toBe(true);

  const key = await softwareKey(credential);
  expect(key!.privateKey.extractable).toBe(false);
  const { x, y } = await crypto.subtle.exportKey('jwk', key!.publicKey);
  expect({ x, y }).toEqual({ x: header.jwk.x, y: header.jwk.y });
  expect(await softwareKey({ ...credential, identity_id: 'bob' })).toBeUndefined();
  expect(await softwareKey(PENDING)).toBeUndefined();
  expect(world.create).not.toHaveBeenCalled();
});

test.each([
  ['an authenticator', () => world.hasAuthenticator.mockResolvedValue(true)],
  ['a policy that wants a passkey', () => { world.info = { creation_options: OPTIONS }; }],
  ['a policy that wants another algorithm', () => { world.info = { creation_options: OPTIONS, jwt_binding: { ...JWT_BINDING, alg: ['RS256'] } }; }],
])('%s means a passkey', async (_, arrange) => {
  arrange();
  await bindPasskey(EMBEDDED);
  expect((await world.proofs()).map(({ type }) => type)).toEqual(['FIDO2']);
});

test('a caller who accepts only passkeys gets no software key', async () => {
  await bindPasskey(EMBEDDED, { mechanisms: ['FIDO2'] }); // with a security key or a phone
  expect((await world.proofs()).map(({ type }) => type)).toEqual(['FIDO2']);
  vi.stubGlobal('PublicKeyCredential', undefined);
  delete (globalThis as { PublicKeyCredential?: unknown }).PublicKeyCredential;
  const asked = world.asked.length;
  expect(await failure(bindPasskey(EMBEDDED, { mechanisms: ['FIDO2'] }))).toMatchObject({ code: 'not_supported' });
  expect(world.asked).toHaveLength(asked);
});

test('there must be a mechanism that policy and caller accept', async () => {
  world.info = { jwt_binding: JWT_BINDING };
  const refused = await failure(bindPasskey(EMBEDDED, { mechanisms: ['FIDO2'] }));
  expect(refused).toMatchObject({ code: 'policy', reason: 'mechanism_not_allowed' });
});

test('a user who cancels gets no software key', async () => {
  world.hasAuthenticator.mockResolvedValue(true);
  for (const name of ['NotAllowedError', 'NotSupportedError', 'SecurityError']) {
    world.create.mockRejectedValueOnce(new DOMException('', name));
    await failure(bindPasskey(EMBEDDED));
  }
  expect(await world.proofs()).toEqual([]);
  expect(await softwareKey(PENDING)).toBeUndefined();
});

test('a browser without storage gets no software key', async () => {
  vi.stubGlobal('indexedDB', { open: () => { throw new DOMException('', 'SecurityError'); } });
  expect(await failure(bindPasskey(EMBEDDED))).toMatchObject({ code: 'not_supported' });
  expect(world.asked).not.toContain('POST bind');
});

test.each([-86_400_000, 86_400_000])("a device's clock that is off by %d ms does no harm", async (off) => {
  const now = Date.parse('2031-05-06T07:08:09Z');
  vi.useFakeTimers({ now: now + off, toFake: ['Date'] });
  try {
    const clock = { Date: new Date(now).toUTCString() };
    world.replies.getInfo.push(json({ creation_options: OPTIONS, jwt_binding: JWT_BINDING, token: CEREMONY }, clock));
    world.replies.bind.push(new TypeError());
    const lost = await failure(bindPasskey(EMBEDDED));
    vi.advanceTimersByTime(600_000);
    await lost.resume!();
    const times = (await world.proofs()).map(({ raw }) => read(raw).claims.iat);
    expect(times).toEqual([now / 1000, now / 1000 + 600]);
  } finally {
    vi.useRealTimers();
  }
});

test('the key is stored before it is sent, and survives a lost response', async () => {
  let kept: CryptoKeyPair | undefined;
  world.replies.bind.push(async () => {
    kept = await softwareKey(PENDING);
    throw new TypeError('lost');
  });
  const lost = await failure(bindPasskey(EMBEDDED));
  expect(kept).toBeDefined();

  world.replies.bind.push(problem(401, 'ceremony-expired'), problem(409, 'job-complete', { credential_id: 'cred-1' }));
  expect(await failure(lost.resume!())).toMatchObject({ code: 'timed_out' });
  expect(await softwareKey(PENDING)).toBeDefined();
  // The page was reloaded and the link opened again: the key is the same.
  const { credential } = await bindPasskey(HOSTED);
  expect(credential).toEqual({ ...IDS, id: 'cred-1' });
  const keys = (await world.proofs()).map(({ raw }) => read(raw).header.jwk.x);
  expect(new Set(keys).size).toBe(1);
  expect(await softwareKey(credential)).toBeDefined();
  expect(await softwareKey(PENDING)).toBeUndefined();
});

test('a refused key is deleted', async () => {
  world.replies.bind.push(problem(422, 'proof-refused'));
  expect(await failure(bindPasskey(EMBEDDED))).toMatchObject({ code: 'policy' });
  expect(await softwareKey(PENDING)).toBeUndefined();
});

test('a key that cannot be stored under its new name is found under the old one', async () => {
  world.replies.bind.push(async () => {
    const { open } = indexedDB;
    vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => { throw new DOMException('', 'QuotaExceededError'); })
      .mockImplementation(open.bind(indexedDB));
    return json(CREDENTIAL);
  });
  const { credential } = await bindPasskey(EMBEDDED);
  expect(await softwareKey(credential)).toBeDefined();
});
