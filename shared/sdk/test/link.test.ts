import { expect, test } from 'vitest';

import { isBindLink } from '../src/index.js';
import { parseLink } from '../src/link.js';
import { API, CEREMONY, EMBEDDED, HOSTED, IDS, JOB, LINK_SECRET, REDIRECTED } from './world.js';

test.each([
  ['embedded', EMBEDDED, LINK_SECRET],
  ['embedded', EMBEDDED.replace(':invoke', '%3Ainvoke'), LINK_SECRET],
  ['hosted', HOSTED, LINK_SECRET],
  ['redirected', REDIRECTED, CEREMONY],
  ['redirected', REDIRECTED.replace('/bind?', '/deep/er/bind/?'), CEREMONY],
])('a link is taken apart: %s', (kind, url, secret) => {
  expect(isBindLink(url)).toBe(true);
  expect(isBindLink(new URL(url))).toBe(true);
  expect(parseLink(url)).toEqual({ kind, job: `${API}${JOB}`, ids: IDS, secret });
});

test.each([
  'http://localhost:3000',
  'http://127.0.0.1:3000',
  'http://[::1]:3000',
  'http://app.localhost',
])('this very machine needs no TLS: %s', (server) => {
  expect(isBindLink(EMBEDDED.replace(API, server))).toBe(true);
  expect(isBindLink(HOSTED.replace(API, server))).toBe(true);
  expect(isBindLink(REDIRECTED.replace(encodeURIComponent(API), encodeURIComponent(server)))).toBe(true);
});

test.each([
  '',
  'nonsense',
  'javascript:alert(1)',
  `${API}/`,
  EMBEDDED.replace('https:', 'http:'),
  EMBEDDED.replace(API, 'http://localhost.evil.example'),
  EMBEDDED.split('?')[0]!,
  EMBEDDED.replace(/token=.*/, 'token='),
  EMBEDDED.replace(/token=.*/, 'token=%0Aevil'),
  EMBEDDED.replace('/acme/', '/../'),
  EMBEDDED.replace('/acme/', '/ac%2Fme/'),
  EMBEDDED.replace('invokeAuthenticator', 'open'),
  EMBEDDED.replace('/tenants/', '/tenant/'),
  HOSTED.replace('/bind#', '/#'),
  HOSTED.replace('/ada/', '/../'),
  HOSTED.replace('/ada/', '/a/da/'),
  HOSTED.split('?')[0]!,
  HOSTED.replace('#', '?'),
  REDIRECTED.replace('/bind?', '/home?'),
  REDIRECTED.replace('api_base_url=https', 'api_base_url=http'),
  REDIRECTED.replace('api_base_url=https', 'api_base_url=javascript'),
  REDIRECTED.replace('job_id=0199-aa', 'job_id=..'),
  REDIRECTED.replace('identity_id=ada', 'identity_id=ada%2F..%2Fbob'),
  REDIRECTED.replace('tenant_id', 'tenant'),
  REDIRECTED.replace(/&token=.*/, ''),
])('not a link: %s', (url) => {
  expect(isBindLink(url)).toBe(false);
});
