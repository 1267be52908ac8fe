/** Whose job it is. */
export interface JobIds {
  tenant_id: string;
  realm_id: string;
  identity_id: string;
  job_id: string;
}

/** A link of a job, taken apart. It holds a secret: log neither it nor any part of it. */
export interface Link {
  /** The absolute address of the job. */
  job: string;
  ids: JobIds;
  /** How the link becomes a ceremony token; a redirected URL has one already. */
  kind: 'embedded' | 'hosted' | 'redirected';
  secret: string;
}

const ID = '((?!\\.\\.?(?:/|$))[\\w.~-]{1,128})';
const JOB = `/v1/tenants/${ID}/realms/${ID}/identities/${ID}/credential-binding-jobs/${ID}`;
const HOSTED = new RegExp(`^#${JOB}\\?(.*)$`);
const EMBEDDED = new RegExp(`^(.*)${JOB}(?::|%3[aA])invokeAuthenticator$`);
const WHOLE_JOB = new RegExp(`^${JOB}$`);
const PAGE = /\/bind\/?$/;
const SECRET = /^[\w.~+/=-]+$/;
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Takes a link apart, if it is one: of either kind, or the URL of an app's page that an embedded link led to. */
export function parseLink(given: string | URL): Link | undefined {
  const url = read(`${given}`);
  return url && (hosted(url) ?? embedded(url) ?? redirected(url));
}

/** The origin of the server that the link belongs to. */
export const serverOf = (link: Link): string => new URL(link.job).origin;

function hosted({ origin, pathname, hash }: URL): Link | undefined {
  const [, ...parts] = hash.match(HOSTED) ?? [];
  const query = parts.pop();
  if (!query || !PAGE.test(pathname)) return undefined;
  return link('hosted', origin + pathname.replace(PAGE, ''), parts, new URLSearchParams(query));
}

function embedded({ origin, pathname, searchParams }: URL): Link | undefined {
  const [, prefix, ...parts] = pathname.match(EMBEDDED) ?? [];
  return prefix === undefined ? undefined : link('embedded', origin + prefix, parts, searchParams);
}

function redirected({ pathname, searchParams: query }: URL): Link | undefined {
  const server = read(query.get('api_base_url') ?? '');
  if (!server || !PAGE.test(pathname)) return undefined;
  const parts = ['tenant_id', 'realm_id', 'identity_id', 'job_id'].map((name) => query.get(name) ?? '');
  return link('redirected', server.origin + server.pathname.replace(/\/$/, ''), parts, query);
}

function link(kind: Link['kind'], base: string, parts: string[], query: URLSearchParams): Link | undefined {
  const [tenant_id = '', realm_id = '', identity_id = '', job_id = ''] = parts;
  const path = `/v1/tenants/${tenant_id}/realms/${realm_id}/identities/${identity_id}/credential-binding-jobs/${job_id}`;
  const secret = query.get('token') ?? '';
  if (!WHOLE_JOB.test(path) || !SECRET.test(secret)) return undefined;
  return { kind, job: base + path, ids: { tenant_id, realm_id, identity_id, job_id }, secret };
}

/** An absolute URL where a secret may go: https, or http on this very machine. */
function read(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)) ? url : undefined;
  } catch {
    return undefined;
  }
}
