// The public API, with the access token of the signed-in person.

import type { CredentialBindingJob as Job, FieldViolation, Problem as Document } from '../../../../shared/sdk/src/wire.ts';
import { current } from './session.ts';
import { W } from './words.ts';

export type {
  AuditEntry, AuthenticatorConfig as Config, BatchCredentialBindingJob as Batch,
  BatchCredentialBindingJobSummary as BatchSummary, BatchResult, Credential,
  CredentialBindingJob as Job, Enrollment, EnrollmentStatus, EmailStatus, FailureReason, Identity, JobState as State, Realm, RecipientReason,
} from '../../../../shared/sdk/src/wire.ts';

/** An error of the API, or of the connection to it (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly fields: FieldViolation[] = [],
    readonly requestId?: string,
    /** When to repeat the request, in seconds. */
    readonly retryAfter?: number,
  ) {
    super(detail || title);
  }
}

let lead = 0;
/** The time by the server's clock, which decides what has expired. */
export const serverNow = (): number => Date.now() + lead;

export const SESSION_ENDED = 'session-ended';

interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export async function call<T>(path: string, options: Call = {}): Promise<T> {
  const text = await ask(path, options);
  return (text === '' ? {} : parsed(text)) as T;
}

/** Saves what a path answers with as a file of the browser. */
export async function download(path: string, type: string, name: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([await ask(path, { headers: { accept: type } })], { type }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  // The browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

async function ask(path: string, { method = 'GET', body, headers = {}, signal }: Call): Promise<string> {
  const session = current();
  if (!session) {
    dispatchEvent(new Event(SESSION_ENDED));
    throw new Problem(401, W.trouble.ended, W.trouble.endedText);
  }
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { authorization: `Bearer ${session.token}`, accept: 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, W.trouble.offline, W.trouble.offlineText);
  }
  const date = Date.parse(response.headers.get('date') ?? '');
  // The header has whole seconds.
  if (!Number.isNaN(date) && Math.abs(date + 500 - serverNow()) > 1500) lead = date + 500 - Date.now();
  const text = await response.text();
  if (response.ok) return text;
  if (response.status === 401) dispatchEvent(new Event(SESSION_ENDED));
  const retryAfter = Number(response.headers.get('retry-after')) || undefined;
  throw problemOf(response.status, parsed(text) as Partial<Record<keyof Document, unknown>>, retryAfter);
}

/** The gateway's own responses are not problem documents. */
function problemOf(status: number, document: Partial<Record<keyof Document, unknown>>, retryAfter?: number): Problem {
  const text = (name: keyof Document) => (typeof document[name] === 'string' ? (document[name] as string) : '');
  const details = Array.isArray(document.details) ? (document.details as Record<string, unknown>[]) : [];
  const fields = details.flatMap((detail) => (Array.isArray(detail.field_violations) ? detail.field_violations : []));
  return new Problem(
    status,
    text('title') || text('message') || `The server answered ${status}`,
    text('detail') || (status === 403 ? W.trouble.forbidden : ''),
    fields as FieldViolation[],
    text('request_id') || undefined,
    retryAfter,
  );
}

export interface Place {
  tenant: string;
  realm: string;
}

const at = encodeURIComponent;
export const realmsPath = (tenant: string): string => `/v1/tenants/${at(tenant)}/realms`;
export const realmPath = ({ tenant, realm }: Place): string => `${realmsPath(tenant)}/${at(realm)}`;
export const identityPath = (place: Place, identity: string): string => `${realmPath(place)}/identities/${at(identity)}`;
export const jobPath = (place: Place, { identity_id, id }: Pick<Job, 'identity_id' | 'id'>): string =>
  `${identityPath(place, identity_id)}/credential-binding-jobs/${at(id)}`;

export const batchesPath = (place: Place): string => `${realmPath(place)}/batch-credential-binding-jobs`;
export const batchPath = (place: Place, id: string): string => `${batchesPath(place)}/${at(id)}`;

export interface Page<T> {
  items: T[];
  next?: string;
  total?: number;
}

/** A page of a list; `name` is the member that holds its elements. */
export async function page<T>(path: string, name: string, query: Record<string, string>, signal?: AbortSignal): Promise<Page<T>> {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const answer = await call<Record<string, unknown>>(`${path}?${asked}`, signal ? { signal } : {});
  const next = answer.next_page_token as string | undefined;
  const total = answer.total_size as number | undefined;
  return { items: (answer[name] ?? []) as T[], ...(next && { next }), ...(total !== undefined && { total }) };
}
