import { BindError, type Bound, type Credential } from './error.js';
import type { Answer } from './http.js';
import { parseBindLink, serverOf, type Link } from './link.js';
import { canCreatePasskey, createPasskey, hasWebAuthn } from './passkey.js';
import type { Proof } from './proof.js';
import { ask } from './server.js';
import { createSoftwareKey, hasKeyStore } from './software-key.js';
import type * as Wire from './wire.js';

/** FIDO2 is a passkey; JWT is a software key, for devices that do not support passkeys. */
export type Mechanism = 'FIDO2' | 'JWT';

/**
 * The progress: the job's own states, and `DEVICE_DONE` between the last two. After `REQUEST_DELIVERED` the device acts
 * next, and after `DEVICE_DONE` the server. A redirected URL begins at `REQUEST_DELIVERED`.
 */
export type BindProgress = 'LINK_OPENED' | 'REQUEST_DELIVERED' | 'DEVICE_DONE' | 'COMPLETE';

export interface BindOptions {
  /** Aborts everything, including the device's dialogue. */
  signal?: AbortSignal;
  onProgress?: (progress: BindProgress) => void;
  /**
   * The mechanisms that the caller accepts. Default: both. A software key is created only if the server's policy
   * allows it too and the device has no authenticator, and never because the user cancelled.
   */
  mechanisms?: readonly Mechanism[];
  /** The servers whose links are accepted, such as `['https://bind.example.com']`. Default: all. */
  apiOrigins?: readonly string[];
}

/** The response to `:getInfo`, with options in the browsers' form. */
type BindingRequest = Omit<Wire.BindingRequest, 'creation_options'> & {
  creation_options?: PublicKeyCredentialCreationOptionsJSON;
};

/**
 * Opens a link, has the device create a key, and binds it.
 *
 * @throws {BindError} and nothing else.
 */
export function bindPasskey(url: string | URL, options: BindOptions = {}): Promise<Bound> {
  return explained(bind(url, options));
}

function explained(attempt: Promise<Bound>): Promise<Bound> {
  return attempt.catch((error) => {
    throw error instanceof BindError ? error : new BindError('failed', { reason: error?.name });
  });
}

async function bind(url: string | URL, options: BindOptions): Promise<Bound> {
  const { signal, mechanisms = ['FIDO2', 'JWT'], apiOrigins } = options;
  const link = parseBindLink(url);
  if (!link || (apiOrigins && !apiOrigins.includes(serverOf(link)))) throw new BindError('wrong_link');
  const able = { FIDO2: hasWebAuthn(), JWT: hasKeyStore() };
  if (!mechanisms.some((mechanism) => able[mechanism])) throw new BindError('not_supported');
  // Requested early, because the device's dialogue must follow the user's click without delay.
  const hasAuthenticator = canCreatePasskey();

  // With the link's secret, this request opens the link too.
  const { body: request, behind } = await ask<BindingRequest>(link, 'getInfo', link.secret, { signal })
    .catch((error) => inTwoRequests(link, signal, error));
  const ceremony = request.token ?? link.secret;
  if (request.token) tell(options, 'LINK_OPENED');
  tell(options, 'REQUEST_DELIVERED');

  const { creation_options, jwt_binding, post_binding_redirect_uri: redirectUri } = request;
  const offered = {
    FIDO2: mechanisms.includes('FIDO2') && creation_options,
    JWT: mechanisms.includes('JWT') && jwt_binding?.alg.includes('ES256') && jwt_binding,
  };
  if (!offered.FIDO2 && !offered.JWT) throw new BindError('policy', { reason: 'mechanism_not_allowed' });
  const passkey = able.FIDO2 && offered.FIDO2;
  const software = able.JWT && offered.JWT;
  let proof;
  // If no software key is accepted, a security key or a phone can be used.
  if (passkey && (!software || (await hasAuthenticator))) proof = await createPasskey(passkey, signal);
  else if (software) proof = await createSoftwareKey(link.ids, software, behind);
  else throw new BindError('not_supported');
  tell(options, 'DEVICE_DONE');
  return send({ link, ceremony, proof, redirectUri, options }, signal);
}

/**
 * Opens the link before it asks for the options, for a server that does not accept the link's secret at `:getInfo`: an earlier
 * version, which also answers while a new one is deployed.
 */
async function inTwoRequests(link: Link, signal: AbortSignal | undefined, error: BindError): Promise<Answer<BindingRequest>> {
  if (error.code !== 'wrong_link' || link.kind === 'redirected') throw error;
  const { token } = (await ask<Wire.Instruction>(link, 'open', link.secret, { signal })).body;
  const answer = await ask<BindingRequest>(link, 'getInfo', token, { signal });
  answer.body.token = token;
  return answer;
}

interface Delivery {
  link: Link;
  ceremony: string;
  proof: Proof;
  redirectUri: string | undefined;
  options: BindOptions;
  /** Whether the server may have accepted the proof although its response was lost. */
  uncertain?: boolean;
}

async function send(delivery: Delivery, signal: AbortSignal | undefined): Promise<Bound> {
  const { link, ceremony, proof, redirectUri, options } = delivery;
  let credential: Credential;
  try {
    credential = (await ask<Wire.BoundCredential>(link, 'bind', ceremony, { body: await proof.body(), signal })).body;
  } catch (error) {
    if (!(error instanceof BindError)) throw error;
    if (!error.credentialId) return giveUp(delivery, error);
    // An earlier attempt succeeded and only its response was lost: this is its credential.
    credential = { ...link.ids, id: error.credentialId };
  }
  await proof.accepted(credential);
  tell(options, 'COMPLETE');
  const target = credential.post_binding_redirect_uri ?? redirectUri;
  return { credential, ...(target && { redirectUri: target }) };
}

/** Removes what the device stored, but only if the server certainly did not accept it. */
async function giveUp(delivery: Delivery, error: BindError): Promise<never> {
  if (['network', 'busy', 'aborted'].includes(error.code)) {
    delivery.uncertain = true;
    error.resume = (signal) => explained(send(delivery, signal));
  } else if (error.code === 'policy' ? error.reason !== 'credential-exists' : !delivery.uncertain) {
    await delivery.proof.refused();
  }
  throw error;
}

/** An error in the caller's callback does not prevent a passkey from being bound. */
function tell({ onProgress }: BindOptions, progress: BindProgress): void {
  queueMicrotask(() => onProgress?.(progress));
}
