// The local stack, started like `cargo local`, and a developer's requests to it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const TARGET = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));
export const BINARY = resolve(TARGET, 'debug/local');
const REALM = '/v1/tenants/demo/realms/demo';

// How long a test waits for a condition, in milliseconds. A busy machine may be slow; a condition that is never met
// still fails the test.
export const PATIENCE = 60_000;
// How long a test may take as a whole.
export const LIMIT = 5 * PATIENCE;

// Repeats a request until it has a result.
export async function until(what, ask, within = PATIENCE) {
  const end = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`after ${within / 1000} s still not: ${what}`);
    await pause(25);
  }
}

export class Stack {
  #process;

  constructor(base, process, printed) {
    this.base = base;
    this.printed = printed; // its lines on standard output
    this.#process = process;
  }

  // With further options of `cargo local`.
  static async start(options = []) {
    const child = spawn(BINARY, ['--port', '0', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    // It ends with the tests, however they end.
    process.once('exit', () => child.kill('SIGKILL'));
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text) => { complaints += text; });
    const settled = new AbortController();
    const printed = [];
    const ready = new Promise((started, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        printed.push(line);
        if (line.startsWith('ready ')) started(line.slice('ready '.length));
      });
      child.once('error', (error) => reject(new Error(`${BINARY} cannot run (cargo build --package local makes it): ${error.message}`)));
      child.once('exit', () => reject(new Error(`the stack ended before it was ready:\n${complaints}`)));
      pause(PATIENCE, undefined, { signal: settled.signal }).then(() => {
        child.kill('SIGKILL');
        reject(new Error(`the stack was not ready within ${PATIENCE / 1000} s:\n${complaints}`));
      }, () => {}); // it was in time
    });
    try {
      return new Stack(await ready, child, printed);
    } finally {
      settled.abort();
    }
  }

  async stop() {
    const gone = once(this.#process, 'exit');
    if (this.#process.kill('SIGINT')) await gone;
  }

  // An access token: with all scopes, or with these.
  async token(scopes = []) {
    const client = { grant_type: 'client_credentials', client_id: 'local', client_secret: 'local' };
    const form = new URLSearchParams({ ...client, scope: scopes.join(' ') });
    return (await this.#fetch('/oauth2/token', { method: 'POST', body: form })).access_token;
  }

  // {credential_binding_job, credential_binding_link?}, by default for Ada and the hosted page.
  createJob(job, identity = 'ada') {
    const body = { job: { authenticator_config_id: 'hosted', ...job } };
    return this.#api('POST', `/identities/${identity}/credential-binding-jobs`, body);
  }

  // The response that the back end at the redirect URI gets for the code.
  redeem(code) {
    return this.#api('POST', '/credential-binding-jobs:redeem', { code });
  }

  getJob({ id, identity_id: identity }) {
    return this.#api('GET', `/identities/${identity}/credential-binding-jobs/${id}`);
  }

  async listJobs(identity = 'ada') {
    return (await this.#api('GET', `/identities/${identity}/credential-binding-jobs`)).credential_binding_jobs;
  }

  revokeJob({ id, identity_id: identity }) {
    return this.#api('POST', `/identities/${identity}/credential-binding-jobs/${id}:revoke`);
  }

  putRealm(realm) {
    return this.#api('PUT', '', { realm });
  }

  putIdentity(id, identity) {
    return this.#api('PUT', `/identities/${id}`, { identity });
  }

  getIdentity(id) {
    return this.#api('GET', `/identities/${id}`);
  }

  createBatch(ids, more = {}) {
    const batch = { identity_ids: ids, job_template: { authenticator_config_id: 'hosted' }, ...more };
    return this.#api('POST', '/batch-credential-binding-jobs', { batch_credential_binding_job: batch });
  }

  getBatch(id) {
    return this.#api('GET', `/batch-credential-binding-jobs/${id}`);
  }

  createConfig(config) {
    return this.#api('POST', '/authenticator-configs', { authenticator_config: config });
  }

  patchConfig(id, config) {
    return this.#api('PATCH', `/authenticator-configs/${id}`, { authenticator_config: config });
  }

  deleteConfig(id) {
    return this.#api('DELETE', `/authenticator-configs/${id}`);
  }

  async listConfigs() {
    return (await this.#api('GET', '/authenticator-configs')).authenticator_configs;
  }

  getCredential(id, identity = 'ada') {
    return this.#api('GET', `/identities/${identity}/credentials/${id}`);
  }

  revokeCredential(id, identity = 'ada') {
    return this.#api('POST', `/identities/${identity}/credentials/${id}:revoke`);
  }

  getProof(id, identity = 'ada') {
    return this.#api('GET', `/identities/${identity}/credentials/${id}/proof`);
  }

  async listCredentials(identity = 'ada') {
    return (await this.#api('GET', `/identities/${identity}/credentials`)).credentials;
  }

  // The origin of the sample app.
  async app() {
    const response = await fetch(`${this.base}/_local/app/`, { redirect: 'manual' });
    return new URL(response.headers.get('location')).origin;
  }

  mail() {
    return this.#fetch('/_local/mail');
  }

  events() {
    return this.#fetch('/_local/events');
  }

  advanceClock(seconds) {
    return this.#local('clock', { advance_seconds: seconds });
  }

  // Makes the next calls of an AWS operation fail.
  fail(service, operation, kind, times = 1) {
    return this.#local('faults', { service, operation, kind, times });
  }

  // Resets the stack to seed data and the real time.
  reset() {
    return this.#local('reset', {});
  }

  #local(what, body) {
    return this.#fetch(`/_local/${what}`, { method: 'POST', body: JSON.stringify(body) });
  }

  async #api(method, path, body) {
    const headers = { authorization: `Bearer ${await this.token()}` };
    return this.#fetch(REALM + path, { method, headers, body: body && JSON.stringify(body) });
  }

  async #fetch(path, options = {}) {
    const headers = { accept: 'application/json', ...options.headers };
    const response = await fetch(this.base + path, { ...options, headers, signal: AbortSignal.timeout(PATIENCE) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${options.method ?? 'GET'} ${path} answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
