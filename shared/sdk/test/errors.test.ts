import { inspect } from 'node:util';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { BindError, bindPasskey, type BindErrorCode } from '../src/index.js';
import { CEREMONY, EMBEDDED, HOSTED, LINK_SECRET, REDIRECTED, World, problem } from './world.js';

let world: World;
let said: unknown[];

beforeEach(() => {
  world = new World();
  said = [];
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...words) => { said.push(words); });
  }
});

afterEach(() => { vi.restoreAllMocks(); });

async function failure(url: string): Promise<BindError> {
  const error = await bindPasskey(url).then(() => expect.fail('it should fail'), (error) => error);
  expect(error).toBeInstanceOf(BindError);
  const all = [String(error), error.stack, JSON.stringify(error), inspect(error, { showHidden: true, depth: 9 }), inspect(said)].join('\n');
  expect(all).not.toContain(LINK_SECRET);
  expect(all).not.toContain(CEREMONY);
  return error;
}

test.each<[number, string, BindErrorCode]>([
  [410, 'job-expired', 'expired'],
  [410, 'job-revoked', 'revoked'],
  [410, 'link-replaced', 'revoked'],
  [410, 'job-failed-to-send', 'failed_to_send'],
  [409, 'job-complete', 'already_bound'],
  [409, 'identity-suspended', 'suspended'],
  [409, 'credential-exists', 'policy'],
  [401, 'ceremony-expired', 'timed_out'],
  [403, 'untrusted-origin', 'not_trusted_origin'],
  [404, 'unknown-link', 'wrong_link'],
  [422, 'proof-refused', 'policy'],
  [429, 'too-many-attempts', 'busy'],
])('%d %s is %s', async (status, type, code) => {
  for (const [verb, url] of [['getInfo', EMBEDDED], ['getInfo', HOSTED], ['getInfo', REDIRECTED], ['bind', REDIRECTED]] as const) {
    const answer = () => problem(status, type, {}, { 'Retry-After': '7' });
    world.replies[verb].push(answer());
    if (type === 'unknown-link') world.replies.open.unshift(answer());
    const error = await failure(url);
    expect(error).toMatchObject({ name: 'BindError', code, reason: type, requestId: 'req-1', retryAfter: 7 });
    expect(error.message).toBe(`No passkey was bound: ${code} (${type})`);
  }
});

test.each<[number, BindErrorCode]>([[400, 'failed'], [403, 'failed'], [404, 'wrong_link'], [429, 'busy'], [500, 'busy'], [502, 'busy']])(
  'a bare %d is %s',
  async (status, code) => {
    world.replies.getInfo.push(new Response(`<h1>${CEREMONY}</h1>`, { status, headers: { 'X-Request-Id': 'req-2' } }));
    expect(await failure(REDIRECTED)).toMatchObject({ code, requestId: 'req-2' });
    world.replies.getInfo.push(problem(status, 'of-no-known-kind', { code: 'some_code' }));
    expect(await failure(REDIRECTED)).toMatchObject({ code, reason: 'of-no-known-kind' });
    world.replies.getInfo.push(problem(status, '', { type: 'about:blank', code: 'some_code' }));
    expect(await failure(REDIRECTED)).toMatchObject({ code, reason: 'some_code' });
  },
);

test('the reason is that of the server', async () => {
  world.replies.bind.push(problem(422, 'proof-refused', { reason: 'user_not_verified' }));
  expect(await failure(EMBEDDED)).toMatchObject({ code: 'policy', reason: 'user_not_verified' });
  world.replies.bind.push(problem(422, 'proof-refused', { reason: `with prose about ${CEREMONY}`, request_id: {} }));
  expect(await failure(EMBEDDED)).toMatchObject({ code: 'policy', reason: 'proof-refused', requestId: undefined });
});

test('a missing, an incomplete and a foreign response give the same error', async () => {
  world.replies.getInfo.push(new TypeError(`Failed to fetch ${EMBEDDED}`), new Response('{"half'), new Response('<html>'));
  for (let tries = 0; tries < 3; tries += 1) expect(await failure(EMBEDDED)).toMatchObject({ code: 'network' });
});

test('a response that never arrives times out', async () => {
  vi.useFakeTimers();
  try {
    world.replies.getInfo.push(({ signal }) => new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    }));
    const attempt = failure(EMBEDDED);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await attempt).toMatchObject({ code: 'network' });
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test.each<[string, BindErrorCode, string?]>([
  ['NotAllowedError', 'cancelled'],
  ['AbortError', 'cancelled'],
  ['InvalidStateError', 'already_registered'],
  ['NotSupportedError', 'not_supported'],
  ['ConstraintError', 'not_supported'],
  ['SecurityError', 'failed', 'SecurityError'],
])("a device's %s is %s", async (name, code, reason) => {
  world.create.mockRejectedValueOnce(new DOMException(EMBEDDED, name));
  const error = await failure(EMBEDDED);
  expect([error.code, error.reason]).toEqual([code, reason]);
});

test('a stack does not contain the address of the page', () => {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (error) => `${error}\n    at ${REDIRECTED}:12:3\n    at f (${EMBEDDED}:1:2)`;
  try {
    const { stack } = new BindError('failed');
    expect(stack).toContain('token=…:12:3\n');
    expect(stack).not.toContain(CEREMONY);
    expect(stack).not.toContain(LINK_SECRET);
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
});
