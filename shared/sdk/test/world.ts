// A server and a device with configurable behaviour, which record the requests.

import { IDBFactory } from 'fake-indexeddb';
import { vi } from 'vitest';

export const API = 'https://bind.example.com';
export const LINK_SECRET = 'bGluay1zZWNyZXQtbm9ib2R5-WF5LXNlZ_9zZWNyZXQ';
export const CEREMONY = 'Y2VyZW1vbnktdG9rZW4tbm9ib2R5LW1heS1zZWU';
export const JOB = '/v1/tenants/acme/realms/eu/identities/ada/credential-binding-jobs/0199-aa';
export const EMBEDDED = `${API}${JOB}:invokeAuthenticator?token=${LINK_SECRET}`;
export const HOSTED = `${API}/bind#${JOB}?token=${LINK_SECRET}`;
export const REDIRECTED =
  `https://app.example.com/bind?api_base_url=${encodeURIComponent(API)}` +
  `&tenant_id=acme&realm_id=eu&identity_id=ada&job_id=0199-aa&token=${CEREMONY}`;
export const IDS = { tenant_id: 'acme', realm_id: 'eu', identity_id: 'ada', job_id: '0199-aa' };
export const CREDENTIAL = { id: 'cred-1', ...IDS, csr_type: 'FIDO2' };
export const OPTIONS = {
  rp: { id: 'app.example.com', name: 'App' },
  user: { id: 'dXNlcg', name: 'ada', displayName: 'Ada' },
  challenge: 'Y2hhbGxlbmdl',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  excludeCredentials: [{ type: 'public-key', id: 'b3RoZXI' }],
};
export const JWT_BINDING = { nonce: 'a-nonce', aud: `${API}${JOB}`, alg: ['ES256', 'EdDSA'] };
export const REGISTRATION = {
  id: 'bmV3',
  rawId: 'bmV3',
  type: 'public-key',
  response: { clientDataJSON: 'eyJ0eXBlIn0', attestationObject: '-__-', transports: ['internal'] },
  clientExtensionResults: { credProps: { rk: true } },
};

const bytes = (text: string) => new TextEncoder().encode(text);

// A credential as a browser creates it.
export const made = () => ({
  id: 'bmV3',
  rawId: bytes('new').buffer,
  type: 'public-key',
  authenticatorAttachment: 'platform',
  getClientExtensionResults: () => ({ credProps: { rk: true } }),
  toJSON: () => structuredClone(REGISTRATION),
  response: {
    clientDataJSON: bytes('{"type"}').buffer,
    attestationObject: Uint8Array.of(0xfb, 0xff, 0xfe).buffer,
    getAuthenticatorData: () => bytes('data').buffer,
    getTransports: () => ['internal'],
    getPublicKey: () => bytes('key').buffer,
    getPublicKeyAlgorithm: () => -7,
  },
});

type Reply = Response | Error | ((request: Request) => Response | Promise<Response>);
type Verb = 'open' | 'getInfo' | 'bind';

export const json = (body: unknown, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { headers });

export function problem(status: number, type: string, more: object = {}, headers: Record<string, string> = {}) {
  // A careless server: it repeats secrets in its prose.
  const detail = `${LINK_SECRET} ${CEREMONY}`;
  const document = { type: `https://x.example/problems/${type}`, detail, title: detail, request_id: 'req-1', ...more };
  return new Response(JSON.stringify(document), { status, headers });
}

export class World {
  requests: Request[] = [];
  asked: string[] = [];
  // The server's responses, and how often it sends another one first.
  replies: Record<Verb, Reply[]> = { open: [], getInfo: [], bind: [] };
  info: object = { creation_options: OPTIONS, jwt_binding: JWT_BINDING };
  create = vi.fn(async (_: CredentialCreationOptions): Promise<unknown> => made());
  hasAuthenticator = vi.fn(async () => true);
  forget = vi.fn(async (_: { rpId: string; credentialId: string }) => {});

  constructor() {
    vi.stubGlobal('isSecureContext', true);
    vi.stubGlobal('indexedDB', new IDBFactory());
    vi.stubGlobal('navigator', { credentials: { create: this.create } });
    vi.stubGlobal('PublicKeyCredential', {
      isUserVerifyingPlatformAuthenticatorAvailable: this.hasAuthenticator,
      parseCreationOptionsFromJSON: (options: unknown) => ({ parsed: options }),
      signalUnknownCredential: this.forget,
    });
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => this.#fetch(new Request(url, init)));
  }

  async #fetch(request: Request): Promise<Response> {
    request.signal.throwIfAborted();
    this.requests.push(request);
    const verb = /:(\w+)(\?|$)/.exec(new URL(request.url).pathname)?.[1] as Verb;
    this.asked.push(`${request.method} ${verb}`);
    const reply = this.replies[verb].shift() ?? this.#usual(verb, request);
    if (reply instanceof Error) throw reply;
    const answer = typeof reply === 'function' ? await reply(request.clone()) : reply;
    request.signal.throwIfAborted();
    return answer;
  }

  #usual(verb: Verb, { headers }: Request): Response {
    const token = headers.get('authorization') === `Bearer ${LINK_SECRET}` ? { token: CEREMONY } : {};
    if (verb === 'getInfo') return json({ ...this.info, ...token, post_binding_redirect_uri: 'https://app.example.com/welcome' });
    if (verb === 'bind') return json(CREDENTIAL);
    return json({ api_base_url: 'https://elsewhere.example', ...IDS, token: CEREMONY });
  }

  // The bodies of all attempts at :bind.
  proofs(): Promise<Array<{ type: string; raw: any }>> {
    return Promise.all(this.requests.filter(({ url }) => url.endsWith(':bind')).map((request) => request.clone().json()));
  }
}
