import { toBase64url } from './base64url.js';
import { BindError, type Credential } from './error.js';
import { find, remove, store, type StoredKey } from './key-store.js';
import type { JobIds } from './link.js';
import type { Proof } from './proof.js';
import type { JwtBinding } from './wire.js';

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Whether this browser can create and store such a key. */
export const hasKeyStore = (): boolean =>
  isSecureContext && Boolean(globalThis.crypto?.subtle) && Boolean(globalThis.indexedDB);

/** Names a software key: a credential of type JWT, or its ids. */
export type SoftwareCredential = Pick<Credential, 'tenant_id' | 'realm_id' | 'identity_id' | 'job_id' | 'id'>;

/** The software key of a credential of type JWT, if it is in this browser, for signing. */
export async function softwareKey(credential: SoftwareCredential): Promise<CryptoKeyPair | undefined> {
  const key = (await find(credential)) ?? (await find({ ...credential, id: credential.job_id }));
  return key && { privateKey: key.privateKey, publicKey: key.publicKey };
}

/** Creates a software key. It is stored before it is sent to the server, so a lost response loses no key. */
export async function createSoftwareKey(ids: JobIds, { nonce, aud }: JwtBinding, behind: number): Promise<Proof> {
  const key = await keyOf(ids).catch(() => {
    throw new BindError('not_supported');
  });
  return {
    // Signed for each attempt, because the server rejects signatures older than five minutes.
    body: async () => ({ type: 'JWT', raw: await sign(key, ids, { nonce, aud }, behind) }),
    // The key can also be found under the job's id.
    accepted: async ({ id }) => void (await store({ ...key, id }, key).catch(() => {})),
    refused: async () => void (await remove(key).catch(() => {})),
  };
}

/** The key of an earlier attempt with this link, or a new one. */
async function keyOf(ids: JobIds): Promise<StoredKey> {
  const name = { ...ids, id: ids.job_id };
  const known = await find(name);
  if (known) return known;
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDSA, false, ['sign', 'verify']);
  const key = { ...name, privateKey, publicKey };
  await store(key);
  return key;
}

/** A JWS over the token of a sign-in, by the software key of a credential; undefined if it is not in this browser. */
export async function assertWithSoftwareKey(of: SoftwareCredential, token: string, behind: number): Promise<string | undefined> {
  const key = await softwareKey(of).catch(() => undefined);
  return key && sign(key, of, { token }, behind);
}

async function sign(
  { privateKey, publicKey }: CryptoKeyPair,
  ids: Omit<JobIds, 'job_id'>,
  claims: object,
  behind: number,
): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  const header = { alg: 'ES256', typ: 'JWT', jwk: { kty, crv, x, y } };
  const sub = `CN=${ids.identity_id}, OU=${ids.realm_id}, O=${ids.tenant_id}`;
  const iat = Math.floor((Date.now() + behind) / 1000);
  const utf8 = new TextEncoder();
  const signed = [header, { sub, iat, ...claims }].map((part) => toBase64url(utf8.encode(JSON.stringify(part)))).join('.');
  const signature = await crypto.subtle.sign(ECDSA, privateKey, utf8.encode(signed));
  return `${signed}.${toBase64url(signature)}`;
}
