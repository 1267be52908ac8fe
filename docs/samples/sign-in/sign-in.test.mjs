// Runs the samples against the local stack: a software key signs in, and each sample gets its token, and tokens that it must
// reject. Needs cargo build -p local, npm ci in this folder, and for the Python sample tests/tools/venv samples (PYTHON).
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { LIMIT, Stack, until } from '../../../tests/browser/stack.mjs';

const PYTHON = process.env.PYTHON ?? 'python3';
const HERE = new URL('.', import.meta.url).pathname;
const REALM = '/v1/tenants/demo/realms/demo';
const TEN_MINUTES = 600;
let ago = TEN_MINUTES; // how far the stack's clock is behind, in seconds

let stack;
let config;
let key;
let receipt;
let expired; // a token that was good ten minutes ago, with the nonce n-0
let samples; // the modules that take sign-in tokens in this process

before(async () => {
  stack = await Stack.start();
  config = `${stack.base}${REALM}/authenticator-configs/embedded`;
  process.env.ISSUER = stack.base;
  process.env.AUDIENCE = config;
  samples = { authorizer: await import('./authorizer.mjs'), cognito: await import('./cognito.mjs') };
  await stack.advanceClock(-TEN_MINUTES);
  await enrol();
  expired = await signIn('n-0');
  await stack.advanceClock(TEN_MINUTES);
  ago = 0;
});

after(() => stack?.stop());

// ---- A device with a software key ------------------------------------------------------------------

const post = async (url, body, token) => {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
};

// The response to a successful request.
const done = async (request) => {
  const { status, body } = await request;
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};

async function sign(claims) {
  const jwk = await exportJWK(key.publicKey);
  const header = { alg: 'ES256', typ: 'JWT', jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y } };
  const all = { sub: 'CN=ada, OU=demo, O=demo', ...claims };
  return new SignJWT(all).setProtectedHeader(header).setIssuedAt(Math.floor(Date.now() / 1000) - ago).sign(key.privateKey);
}

async function enrol() {
  key = await generateKeyPair('ES256', { extractable: true });
  const { credential_binding_link: link } = await stack.createJob({ delivery_method: 'RETURN', authenticator_config_id: 'embedded' });
  const { job_id: job, token } = await (await fetch(link, { headers: { accept: 'application/json' } })).json();
  const address = `${stack.base}${REALM}/identities/ada/credential-binding-jobs/${job}`;
  const { jwt_binding: { nonce, aud } } = await done(post(`${address}:getInfo`, {}, token));
  ({ binding_receipt: receipt } = await done(post(`${address}:bind`, { type: 'JWT', raw: await sign({ nonce, aud }) }, token)));
}

// A sign-in token, requested like in @bindery/sdk/sign-in.
async function signIn(nonce, at = config) {
  const { token } = await done(post(`${at}:beginSignIn`, { nonce }));
  return (await done(post(`${at}:finishSignIn`, { token, credential: await sign({ token }) }))).sign_in_token;
}

// Tokens that are not valid for this config.
async function rejected(nonce) {
  const good = await signIn(nonce);
  const [head, , signature] = good.split('.');
  const claims = { ...JSON.parse(Buffer.from(good.split('.')[1], 'base64url')), sub: 'grace' };
  const other = await stack.createConfig({
    display_name: 'Other', config: { type: 'embedded', invoke_url: 'https://other.example', trusted_origins: [] },
    sign_in: { enabled: true },
  });
  return {
    'that is no token': 'no token',
    'with other claims': [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.'),
    'without a signature': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${good.split('.')[1]}.`,
    'of another config': await signIn(nonce, `${stack.base}${REALM}/authenticator-configs/${other.id}`),
    'that is a receipt': receipt,
  };
}

// ---- The back ends -------------------------------------------------------------------------------

const freePort = async () => {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
};

const BACK_ENDS = {
  Express: (port) => [process.execPath, ['express.mjs'], { PORT: `${port}` }],
  FastAPI: (port) => [PYTHON, ['-m', 'uvicorn', 'fastapi_app:app', '--port', `${port}`], {}],
};

for (const [name, command] of Object.entries(BACK_ENDS)) {
  test(`the back end with ${name}`, { timeout: LIMIT }, async () => {
    const port = await freePort();
    const [program, args, env] = command(port);
    const child = spawn(program, args, { cwd: HERE, env: { ...process.env, ...env }, stdio: 'ignore' });
    process.once('exit', () => child.kill('SIGKILL'));
    try {
      const base = `http://127.0.0.1:${port}`;
      const nonce = async () => (await done(post(`${base}/nonce`, {}))).nonce;
      await until(`${name} listens`, () => fetch(base).then(() => true, () => false));
      const mine = await nonce();
      const token = await signIn(mine);
      assert.deepEqual(await post(`${base}/session`, { token }), { status: 200, body: { user: 'ada' } });
      assert.equal((await post(`${base}/session`, { token })).status, 401, 'the same token again');
      assert.equal((await post(`${base}/session`, { token: await signIn('another nonce') })).status, 401);
      assert.equal((await post(`${base}/session`, { token: await signIn() })).status, 401, 'no nonce');
      const next = await nonce();
      for (const [kind, bad] of Object.entries(await rejected(next))) {
        assert.equal((await post(`${base}/session`, { token: bad })).status, 401, `a token ${kind}`);
      }
      assert.equal((await post(`${base}/session`, { token: await signIn(next) })).status, 200, 'a rejected token uses up no nonce');
    } finally {
      child.kill();
    }
  });
}

test('FastAPI rejects a token that has expired', { timeout: LIMIT }, async () => {
  const script = `
import sys, fastapi_app
for token in sys.argv[1:]:
    fastapi_app.nonces.add("n-0")
    try:
        print(fastapi_app.session(token)["user"])
    except fastapi_app.HTTPException as error:
        print(error.status_code)
`;
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', script, await signIn('n-0'), expired], { cwd: HERE });
  assert.equal(stdout, 'ada\n401\n');
});

// ---- API Gateway ---------------------------------------------------------------------------------

test('the Lambda authorizer', { timeout: LIMIT }, async () => {
  const { handler } = samples.authorizer;
  const event = (authorization) => ({ version: '2.0', type: 'REQUEST', routeKey: 'POST /session', headers: { authorization } });
  const { isAuthorized, context } = await handler(event(`Bearer ${await signIn('n-1')}`));
  assert.equal(isAuthorized, true);
  assert.deepEqual([context.sub, context.nonce, context.amr], ['ada', 'n-1', 'pop swk']);
  // API Gateway accepts strings, numbers and booleans.
  for (const value of Object.values(context)) assert.ok(['string', 'number', 'boolean', 'undefined'].includes(typeof value), value);
  for (const [kind, bad] of Object.entries({ ...(await rejected('n-2')), 'that has expired': expired })) {
    assert.deepEqual(await handler(event(`Bearer ${bad}`)), { isAuthorized: false }, `a token ${kind}`);
  }
  for (const headers of [undefined, {}, { authorization: 'Basic YTpi' }]) {
    assert.deepEqual(await handler({ headers }), { isAuthorized: false });
  }
});

test('the Lambda authorizer reports an outage as an error', { timeout: LIMIT }, async () => {
  const token = await signIn('n-3');
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const script = `import { handler } from './authorizer.mjs';
    await handler({ headers: { authorization: 'Bearer ${token}' } }).then(() => process.exit(0), () => process.exit(3));`;
  const env = { ...process.env, ISSUER: issuer };
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: HERE, env, stdio: 'ignore' });
  assert.equal(await new Promise((exited) => child.once('exit', exited)), 3);
});

// ---- Amazon Cognito ------------------------------------------------------------------------------

// The calls that a user pool makes for CUSTOM_AUTH, with the members of its events (AWS's documentation of the three triggers).
async function customAuth(answer, userName = 'ada') {
  const { define, create, verifyAnswer } = samples.cognito;
  const session = [];
  const event = (request, response) => ({ version: '1', userName, request: { userAttributes: {}, ...request }, response });
  for (let round = 0; round < 3; round += 1) {
    const { response: decided } = await define(event({ session }, { challengeName: null, issueTokens: null, failAuthentication: null }));
    if (decided.issueTokens) return 'tokens';
    if (decided.failAuthentication) return 'failed';
    const { response: challenge } = await create(event({ challengeName: decided.challengeName, session }, {}));
    const challengeAnswer = await answer(challenge.publicChallengeParameters);
    const request = { challengeAnswer, privateChallengeParameters: challenge.privateChallengeParameters };
    const { response: verified } = await verifyAnswer(event(request, { answerCorrect: null }));
    session.push({ challengeName: decided.challengeName, challengeResult: verified.answerCorrect, challengeMetadata: challenge.challengeMetadata });
  }
  return 'endless';
}

test('the triggers of Cognito', { timeout: LIMIT }, async () => {
  assert.equal(await customAuth(({ nonce }) => signIn(nonce)), 'tokens');
  assert.equal(await customAuth(() => signIn('another challenge')), 'failed');
  assert.equal(await customAuth(({ nonce }) => signIn(nonce), 'grace'), 'failed', 'a token about somebody else');
  let kinds;
  await customAuth(async ({ nonce }) => { kinds = Object.keys(await rejected(nonce)); return ''; });
  for (const kind of kinds) {
    assert.equal(await customAuth(async ({ nonce }) => (await rejected(nonce))[kind]), 'failed', `a token ${kind}`);
  }
});
