import { BindError, type BindErrorCode } from './error.js';
import { send, word, type Answer } from './http.js';
import type { Link } from './link.js';
import type { ProblemType } from './wire.js';

/** The last segment of a problem's type. */
type ProblemKind = ProblemType extends infer Type ? (Type extends `https://bindery.dev/problems/${infer Kind}` ? Kind : never) : never;

/** Kinds that the holder of a link never gets, or whose status is sufficient. */
type CodedByStatus =
  | 'code-expired' | 'code-redeemed' | 'disownment-expired' | 'idempotency-key-reused' | 'job-not-expired' | 'job-not-ready'
  | 'job-too-far' | 'mail-too-soon' | 'queue-full' | 'renewal-not-allowed' | 'request-in-progress' | 'sign-in-disabled' | 'sign-in-expired'
  | 'sign-in-used' | 'too-many-attempts' | 'too-many-mails' | 'too-many-requests' | 'unknown-credential';

/** @internal The codes of all other kinds: a new kind does not compile until it is in one of the lists. */
export const CODE_OF_PROBLEM: Partial<Record<string, BindErrorCode>> = {
  'job-complete': 'already_bound',
  'job-expired': 'expired',
  'job-revoked': 'revoked',
  'link-replaced': 'revoked',
  'job-failed-to-send': 'failed_to_send',
  'identity-suspended': 'suspended',
  'ceremony-expired': 'timed_out',
  'untrusted-origin': 'not_trusted_origin',
  'unknown-link': 'wrong_link',
  'credential-exists': 'policy',
  'proof-refused': 'policy',
} satisfies Record<Exclude<ProblemKind, CodedByStatus>, BindErrorCode>;

/** Sends a request about the link's job. */
export async function ask<Body>(
  { job }: Link,
  verb: 'preview' | 'previewDisown' | 'open' | 'getInfo' | 'bind' | 'decline' | 'disown' | 'renew',
  secret: string,
  { body, signal }: { body?: unknown; signal?: AbortSignal | undefined } = {},
): Promise<Answer<Body>> {
  const headers: Record<string, string> = { Accept: 'application/json', Authorization: `Bearer ${secret}` };
  if (body) headers['Content-Type'] = 'application/json';
  const method = verb.startsWith('preview') ? 'GET' : 'POST';
  const answer = await send(`${job}:${verb}`, { method, headers, body: JSON.stringify(body) }, signal, BindError);
  if (answer.ok) return answer;
  const { kind, status, facts } = answer;
  const credentialId = kind === 'job-complete' ? word(answer.body.credential_id) : undefined;
  throw new BindError(CODE_OF_PROBLEM[kind!] ?? codeOfStatus(status), { ...facts, credentialId });
}

function codeOfStatus(status: number): BindErrorCode {
  if (status === 404) return 'wrong_link';
  return status === 429 || status >= 500 ? 'busy' : 'failed';
}
