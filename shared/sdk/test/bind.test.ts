import { beforeEach, expect, test, vi } from 'vitest';

import { bindPasskey, canCreatePasskey, type BindError, type BindProgress } from '../src/index.js';
import * as given from './world.js';
import { API, CEREMONY, EMBEDDED, HOSTED, JOB, LINK_SECRET, REDIRECTED, World, json, problem } from './world.js';

let world: World;
beforeEach(() => { world = new World(); });

const failure = async (attempt: Promise<unknown>): Promise<BindError> =>
  attempt.then(() => expect.fail('it should fail'), (error) => error);

test.each([['embedded', EMBEDDED], ['hosted', HOSTED], ['redirected', REDIRECTED]])('a link becomes a passkey: %s', async (kind, url) => {
  const progress: BindProgress[] = [];
  const bound = await bindPasskey(url, { onProgress: (now) => progress.push(now) });
  expect(bound).toEqual({ credential: given.CREDENTIAL, redirectUri: 'https://app.example.com/welcome' });
  expect(world.asked).toEqual(['POST getInfo', 'POST bind']);
  expect(progress).toEqual([...(kind === 'redirected' ? [] : ['LINK_OPENED']), 'REQUEST_DELIVERED', 'DEVICE_DONE', 'COMPLETE']);
  expect(await world.proofs()).toEqual([{ type: 'FIDO2', raw: given.REGISTRATION }]);
  expect(world.create.mock.calls).toEqual([[{ publicKey: { parsed: given.OPTIONS } }]]);
  for (const request of world.requests) {
    const { pathname, origin, search } = new URL(request.url);
    expect(origin).toBe(API); // never the origin in a response
    expect(pathname.startsWith(JOB)).toBe(true);
    expect(request).toMatchObject({ credentials: 'omit', redirect: 'error', cache: 'no-store', referrerPolicy: 'no-referrer' });
    expect(request.headers.get('accept')).toBe('application/json');
    const opens = request === world.requests[0] && kind !== 'redirected';
    expect(request.headers.get('authorization')).toBe(`Bearer ${opens ? LINK_SECRET : CEREMONY}`);
    expect(search).toBe('');
  }
  expect(await world.requests.at(-2)!.text()).toBe('');
});

// An earlier version of the server answers as to an unknown ceremony token. It may still answer while a new one is deployed.
test.each([EMBEDDED, HOSTED])('an earlier server gets two requests in place of one', async (url) => {
  const progress: BindProgress[] = [];
  world.replies.getInfo.push(problem(404, 'unknown-link'));
  const bound = await bindPasskey(url, { onProgress: (now) => progress.push(now) });
  expect(bound.credential).toEqual(given.CREDENTIAL);
  expect(world.asked).toEqual(['POST getInfo', 'POST open', 'POST getInfo', 'POST bind']);
  expect(world.requests.map(({ headers }) => headers.get('authorization'))).toEqual(
    [LINK_SECRET, LINK_SECRET, CEREMONY, CEREMONY].map((token) => `Bearer ${token}`));
  expect(progress).toEqual(['LINK_OPENED', 'REQUEST_DELIVERED', 'DEVICE_DONE', 'COMPLETE']);
});

test('only an unknown link is tried as an earlier server wants it, and only once', async () => {
  const unknown = () => problem(404, 'unknown-link');
  world.replies.getInfo.push(unknown(), unknown(), problem(503, 'x'));
  world.replies.open.push(unknown());
  for (const [url, code] of [[HOSTED, 'wrong_link'], [REDIRECTED, 'wrong_link'], [HOSTED, 'busy']] as const) {
    expect(await failure(bindPasskey(url))).toMatchObject({ code });
  }
  expect(world.asked).toEqual(['POST getInfo', 'POST open', 'POST getInfo', 'POST getInfo']);
});

test('the result contains the redirect URI with its code', async () => {
  const onward = 'https://app.example.com/welcome?code=c';
  world.replies.bind.push(json({ ...given.CREDENTIAL, post_binding_redirect_uri: onward }));
  expect((await bindPasskey(EMBEDDED)).redirectUri).toBe(onward);
});

test('no request is sent for an invalid link or one of another server', async () => {
  for (const attempt of [bindPasskey('https://app.example.com/'), bindPasskey(EMBEDDED, { apiOrigins: ['https://other.example'] })]) {
    expect(await failure(attempt)).toMatchObject({ code: 'wrong_link' });
  }
  expect(world.asked).toEqual([]);
  await bindPasskey(REDIRECTED, { apiOrigins: [API] });
});

test('a link with an errand, known or unknown, creates no passkey', async () => {
  for (const errand of ['decline', 'disown', 'dec', 'something', '']) {
    for (const link of [`${HOSTED}&do=${errand}`, HOSTED.replace('?', `?do=${errand}&`), `${EMBEDDED}&amp;do=${errand}`]) {
      expect(await failure(bindPasskey(link))).toMatchObject({ code: 'wrong_link' });
    }
  }
  expect(world.asked).toEqual([]);
});

test('after a lost response, the same passkey is sent again', async () => {
  world.replies.bind.push(new TypeError('Failed to fetch'), problem(503, 'x'), problem(409, 'job-complete', { credential_id: 'cred-1' }));
  const lost = await failure(bindPasskey(EMBEDDED));
  expect(lost.code).toBe('network');
  const busy = await failure(lost.resume!());
  expect(busy.code).toBe('busy');
  const bound = await busy.resume!();
  expect(bound.credential).toEqual({ ...given.IDS, id: 'cred-1' });
  expect(bound.redirectUri).toBe('https://app.example.com/welcome');
  expect(world.create).toHaveBeenCalledTimes(1);
  expect(await world.proofs()).toEqual(Array(3).fill({ type: 'FIDO2', raw: given.REGISTRATION }));
  expect(world.forget).not.toHaveBeenCalled();
});

test('the device forgets a refused passkey', async () => {
  world.replies.bind.push(problem(422, 'proof-refused', { reason: 'user_not_verified' }), problem(410, 'job-revoked'));
  for (const code of ['policy', 'revoked']) {
    const refused = await failure(bindPasskey(EMBEDDED));
    expect(refused).toMatchObject({ code });
    expect(refused.resume).toBeUndefined();
  }
  expect(world.forget.mock.calls).toEqual(Array(2).fill([{ rpId: 'app.example.com', credentialId: 'bmV3' }]));
});

test('the device forgets no passkey that may exist', async () => {
  world.replies.bind.push(problem(409, 'credential-exists'));
  expect(await failure(bindPasskey(EMBEDDED))).toMatchObject({ code: 'policy', reason: 'credential-exists' });
  world.replies.bind.push(new TypeError(), problem(401, 'ceremony-expired'));
  const lost = await failure(bindPasskey(EMBEDDED));
  expect(await failure(lost.resume!())).toMatchObject({ code: 'timed_out' });
  expect(world.forget).not.toHaveBeenCalled();
});

test.each(['getInfo', 'bind'] as const)('a signal ends the wait for %s', async (verb) => {
  const controller = new AbortController();
  world.replies[verb].push(async () => {
    controller.abort();
    return json({});
  });
  const aborted = await failure(bindPasskey(EMBEDDED, { signal: controller.signal }));
  expect(aborted.code).toBe('aborted');
  expect(world.asked.at(-1)).toMatch(verb);
  if (verb !== 'bind') return expect(aborted.resume).toBeUndefined();
  // The server may have received it before.
  expect((await aborted.resume!()).credential.id).toBe('cred-1');
});

test("a signal ends the device's dialogue", async () => {
  const controller = new AbortController();
  world.create.mockImplementation(({ signal }) => new Promise((_, reject) => {
    signal!.addEventListener('abort', () => reject(signal!.reason));
    controller.abort(new Error('any reason'));
  }));
  expect(await failure(bindPasskey(EMBEDDED, { signal: controller.signal }))).toMatchObject({ code: 'aborted' });
  expect(world.asked).not.toContain('POST bind');
});

test('a passkey that comes after the signal is forgotten', async () => {
  const controller = new AbortController();
  world.create.mockImplementation(async () => {
    controller.abort();
    return given.made();
  });
  expect(await failure(bindPasskey(EMBEDDED, { signal: controller.signal }))).toMatchObject({ code: 'aborted' });
  expect(world.forget).toHaveBeenCalledTimes(1);
  expect(world.asked).not.toContain('POST bind');
});

test('with an aborted signal, no request is sent', async () => {
  expect(await failure(bindPasskey(EMBEDDED, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'aborted' });
  expect(world.asked).toEqual([]);
});

test("an error in onProgress does not affect the result", async () => {
  const uncaught: unknown[] = [];
  vi.stubGlobal('queueMicrotask', (work: () => void) => Promise.resolve().then(work).catch((error) => uncaught.push(error)));
  const bound = await bindPasskey(EMBEDDED, { onProgress: () => { throw new Error('mine'); } });
  expect(bound.credential.id).toBe('cred-1');
  expect(uncaught).toHaveLength(4);
});

test('canCreatePasskey reflects the device', async () => {
  expect(await canCreatePasskey()).toBe(true);
  world.hasAuthenticator.mockResolvedValueOnce(false);
  expect(await canCreatePasskey()).toBe(false);
  world.hasAuthenticator.mockRejectedValueOnce(new Error());
  expect(await canCreatePasskey()).toBe(false);
  vi.stubGlobal('isSecureContext', false);
  expect(await canCreatePasskey()).toBe(false);
});
