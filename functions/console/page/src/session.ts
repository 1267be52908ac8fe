// Signing in: OAuth 2.0 authorization code with PKCE (RFC 6749 §4.1, RFC 7636), a public client.
//
// The token is in sessionStorage: it is removed with the tab, not shared with other tabs, and survives a reload. See
// README.md.

import { W } from './words.ts';

export interface Settings {
  issuer: string;
  audience: string;
  tenant_claim: string;
  client_id: string;
  scope: string;
  local: boolean;
  logs?: Logs;
}

/** Where the stack logs failed requests. */
export interface Logs {
  region: string;
  stack: string;
}

export interface Session {
  token: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  ends: number;
  scopes: string[];
  /** The tenant that the token is for, if it can be read from it. */
  tenant?: string;
}

interface Errand {
  verifier: string;
  state: string;
  nonce: string;
  /** The page to continue with afterwards. */
  page: string;
}

interface Endpoints {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  authorization_response_iss_parameter_supported?: boolean;
}

const SESSION = 'bindery.session';
const ERRAND = 'bindery.sign-in';
export const CALLBACK = '/console/callback';

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** The S256 challenge of a verifier (RFC 7636 §4.2). */
export async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

/** The payload of a JWT. It only decides what is displayed; the API verifies the token. */
export function claimsOf(token: string): Record<string, unknown> {
  try {
    const payload = token.split('.')[1] ?? '';
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const claims: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (c) => c.charCodeAt(0))));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A path of the console, or its first page: never another site's. */
export function ownPage(page: string): string {
  return /^\/console(\/(?!\/)|\?|$)/.test(page) && !page.startsWith(CALLBACK) ? page : '/console';
}

export async function settings(): Promise<Settings> {
  const response = await fetch('/console/settings.json');
  if (!response.ok) throw new Error(`The console's settings cannot be read (${response.status}).`);
  return (await response.json()) as Settings;
}

async function endpoints({ issuer }: Settings): Promise<Endpoints> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`The issuer does not say where to sign in (${response.status}).`);
  const found = (await response.json()) as Endpoints;
  if (found.issuer !== issuer) throw new Error(W.trouble.otherIssuer);
  return found;
}

/** The session of this tab, if it has a valid one. */
export function current(): Session | undefined {
  try {
    const session = JSON.parse(sessionStorage.getItem(SESSION) ?? 'null') as Session | null;
    return session && session.ends > Date.now() ? session : undefined;
  } catch {
    return undefined;
  }
}

export function forget(): void {
  sessionStorage.removeItem(SESSION);
}

/** Redirects to the issuer, to return to `page`. */
export async function signIn(settings: Settings, page: string): Promise<void> {
  const { authorization_endpoint: endpoint } = await endpoints(settings);
  const errand: Errand = { verifier: random(), state: random(), nonce: random(), page: ownPage(page) };
  sessionStorage.setItem(ERRAND, JSON.stringify(errand));
  const url = new URL(endpoint);
  const asked = {
    response_type: 'code',
    client_id: settings.client_id,
    redirect_uri: location.origin + CALLBACK,
    scope: settings.scope,
    state: errand.state,
    code_challenge: await challengeOf(errand.verifier),
    code_challenge_method: 'S256',
    audience: settings.audience,
    ...(wantsIdToken(settings) && { nonce: errand.nonce }),
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  location.assign(url);
}

const wantsIdToken = ({ scope }: Settings): boolean => scope.split(' ').includes('openid');

/** Removes the issuer's response from the address, and returns the session and the page to continue with. */
export async function comeBack(settings: Settings, query: URLSearchParams): Promise<string> {
  const errand = JSON.parse(sessionStorage.getItem(ERRAND) ?? 'null') as Errand | null;
  sessionStorage.removeItem(ERRAND);
  if (!errand || query.get('state') !== errand.state) {
    throw new Error(W.trouble.foreign);
  }
  const { token_endpoint: endpoint, issuer, ...known } = await endpoints(settings);
  const said = query.get('iss');
  if (said === null ? known.authorization_response_iss_parameter_supported : said !== issuer) {
    throw new Error(W.trouble.notAsked);
  }
  const code = query.get('code');
  if (!code) {
    throw new Error(query.get('error_description') ?? `The issuer answered: ${query.get('error') ?? 'nothing'}.`);
  }
  const response = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: settings.client_id,
      redirect_uri: location.origin + CALLBACK,
      code,
      code_verifier: errand.verifier,
    }),
  });
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const token = answer.access_token;
  if (!response.ok || typeof token !== 'string') {
    throw new Error(`The issuer gave no token: ${String(answer.error_description ?? answer.error ?? response.status)}.`);
  }
  if (wantsIdToken(settings)) checkIdToken(String(answer.id_token ?? ''), settings, errand.nonce);
  const claims = claimsOf(token);
  const seconds = typeof answer.expires_in === 'number' ? answer.expires_in : 300;
  const tenant = claims[settings.tenant_claim];
  const session: Session = {
    token,
    ends: Date.now() + seconds * 1000,
    scopes: String(answer.scope ?? claims.scope ?? settings.scope).split(' '),
    ...(typeof tenant === 'string' && { tenant }),
  };
  sessionStorage.setItem(SESSION, JSON.stringify(session));
  return ownPage(errand.page);
}

/** OpenID Connect Core 1.0 §3.1.3.7: the token came directly from the token endpoint, so its signature is not checked. */
function checkIdToken(token: string, settings: Settings, nonce: string): void {
  const { iss, aud, nonce: given } = claimsOf(token);
  const audiences = Array.isArray(aud) ? aud : [aud];
  if (iss !== settings.issuer || !audiences.includes(settings.client_id) || given !== nonce) {
    throw new Error(W.trouble.otherToken);
  }
}

/** The last part of a scope's name: an issuer may prefix it with the name of the API, as in `bindery/realms:read`. */
const plain = (scope: string): string => scope.slice(scope.lastIndexOf('/') + 1);

export const grants = (scopes: string[], scope: string): boolean => scopes.some((granted) => plain(granted) === scope);
