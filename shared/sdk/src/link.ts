/** The ids of a job. */
export interface JobIds {
  tenant_id: string;
  realm_id: string;
  identity_id: string;
  job_id: string;
}

/** A parsed link of a job. It contains a secret: do not log it or any part of it. */
export interface Link {
  /** The absolute address of the job. */
  job: string;
  ids: JobIds;
  /** How the link is exchanged for a ceremony token; a redirected URL already contains one. */
  kind: 'embedded' | 'hosted' | 'redirected';
  secret: string;
  /**
   * The purpose of the link, if it is not to create a passkey: the value of `do`, as far as it is legible. An empty or
   * unknown value is an errand too: such a link creates no passkey.
   */
  errand?: string;
}

const ID = '((?!\\.\\.?[/:?])[\\w.~-]{1,128})';
const JOB = `(/v1/tenants/${ID}/realms/${ID}/identities/${ID}/credential-binding-jobs/${ID})`;
const LINK = new RegExp(`^([^?#]*?)(?:/bind/?(?:\\?[^#]*)?(#))?${JOB}(:invokeAuthenticator)?\\?`, 'i');
const APP = /^[^?#]*\/bind\/?\?/i;
// 43 characters. Whitespace and soft line breaks among them are not part of the secret, nor is a `-` or `_` after it.
const SECRET = '(?:3D)?((?:[\\s=]*[\\w-]){43})[-_]*(?![\\w-])';
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Parses a link of either kind, or the URL of an app's page that an embedded link redirected to; undefined if it is
 * neither. Parameters are read by name, in any order, and others are ignored. Changes by mail systems and people are
 * undone: percent-encoding, which a link does not need, invisible characters, and punctuation around the secret.
 */
export function parseLink(given: string | URL): Link | undefined {
  const text = plain(`${given}`);
  const find = (parameter: string) => text.match(new RegExp(`[?&;#\\s]${parameter}`, 'i'))?.[1];
  const value = (name: string) => find(`${name}=([^?&;#\\s]*)`) ?? '';
  const own = text.match(LINK);
  const app = !own && APP.test(text) && value('api_base_url').replace(/\/$/, '') +
    `/v1/tenants/${value('tenant_id')}/realms/${value('realm_id')}/identities/${value('identity_id')}/credential-binding-jobs/${value('job_id')}?`;
  const [, base = '', hosted, path, tenant_id = '', realm_id = '', identity_id = '', job_id = '', embedded] =
    own || (app && app.match(LINK)) || [];
  const kind = app ? 'redirected' : hosted ? 'hosted' : embedded && 'embedded';
  const secret = find(`token=${app ? '([\\w-]+)' : SECRET}`)?.replace(/[\s=]/g, '');
  const server = read(base);
  if (!kind || !secret || !server) return undefined;
  const job = server.origin + server.pathname.replace(/\/$/, '') + path;
  const errand = find('do(?![\\w-])[^a-z&;]*([a-z]*)');
  return { kind, job, ids: { tenant_id, realm_id, identity_id, job_id }, secret, ...(errand !== undefined && { errand }) };
}

/** The link, if it is one that creates a passkey. */
export function parseBindLink(given: string | URL): Link | undefined {
  const link = parseLink(given);
  return link?.errand === undefined ? link : undefined;
}

/** The origin of the server that the link belongs to. */
export const serverOf = (link: Link): string => new URL(link.job).origin;

/** Removes percent-encoding, even if several systems applied it, and invisible characters. */
function plain(text: string, rounds = 4): string {
  const decoded = text.replace(/(%[\da-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
  return rounds ? plain(decoded, rounds - 1) : text.replace(/\p{Cf}/gu, '');
}

/** An absolute URL that a secret may be sent to: https, or http on loopback. */
function read(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)) ? url : undefined;
  } catch {
    return undefined;
  }
}
