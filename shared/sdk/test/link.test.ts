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
  EMBEDDED.replace('/acme/', '/%2e%2e/'),
  EMBEDDED.slice(0, -1),
  `${EMBEDDED}x`,
  EMBEDDED.replace('?token=', '?my_token='),
  EMBEDDED.replace('?token=', '?x-token='),
  HOSTED.slice(0, -1),
  `${HOSTED}x`,
  HOSTED.replace(LINK_SECRET, LINK_SECRET.replace('-', '.')),
  `${API}/v1/tenants/acme`,
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

// Changes by mail systems and people. Each takes a complete link and returns the text that is opened.
const encoded = (text: string) => Array.from(text, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
const secretAs = (change: (secret: string) => string) => (link: string) => link.replace(LINK_SECRET, change(LINK_SECRET));
const behind = (text: string) => (link: string) => link + text;
const repairs: Array<[string, (link: string) => string]> = [
  ...['&utm_source=mail', '?utm_source=mail', '&fbclid=IwAR0', '&amp;utm_source=mail', ';utm_source=mail', '&token=other', '&x=%zz']
    .map((text): [string, (link: string) => string] => [`${text} is appended`, behind(text)]),
  ...['.', ',', '…', ')', '>', '"', "'", '»', '”', '!', ';', '&', '*', '_', '-', '--', '%20', ' ', '%E2%80%8B', '\u00ad', '=', '%0D%0A', '. Thanks', ' and']
    .map((text): [string, (link: string) => string] => [`${JSON.stringify(text)} follows`, behind(text)]),
  ['a parameter comes first', (link) => link.replace('?token=', '?utm_source=mail&token=')],
  ['a parameter comes first, with an entity', (link) => link.replace('?token=', '?utm_source=mail&amp;token=')],
  ['the name is in capitals', (link) => link.replace('token=', 'TOKEN=')],
  ['unreserved characters are encoded', secretAs((secret) => secret.replaceAll('-', '%2D').replaceAll('_', '%5f'))],
  ['the whole secret is encoded', secretAs(encoded)],
  ['it is encoded twice', secretAs((secret) => encoded(secret).replaceAll('%', '%25'))],
  ['a soft line break is in it', secretAs((secret) => `${secret.slice(0, 20)}=\r\n${secret.slice(20)}`)],
  ['a soft line break was half removed', secretAs((secret) => `${secret.slice(0, 20)}=${secret.slice(20)}`)],
  ['quoted-printable was not undone', secretAs((secret) => `3D${secret}`)],
  ['a blank is in it', secretAs((secret) => `${secret.slice(0, 20)} ${secret.slice(20)}`)],
  ['characters that nobody sees are in it', secretAs((secret) => `\u200b${secret.slice(0, 20)}\u00ad%E2%81%A0${secret.slice(20)}\ufeff`)],
  ['the separator is encoded', (link) => link.replace('?token=', '%3Ftoken%3D')],
];

test.each(repairs)('a link is repaired when %s', (_, change) => {
  for (const [kind, link] of [['embedded', EMBEDDED], ['hosted', HOSTED]] as const) {
    expect(parseLink(change(link)), link).toEqual({ kind, job: `${API}${JOB}`, ids: IDS, secret: LINK_SECRET });
    for (const errand of ['decline', 'disown']) {
      for (const withErrand of [link.replace('?', `?do=${errand}&`), `${link}&do=${errand}`]) {
        const parsed = parseLink(change(withErrand));
        expect([parsed?.secret, parsed?.errand], change(withErrand)).toEqual([LINK_SECRET, errand]);
        expect(isBindLink(change(withErrand))).toBe(false);
      }
    }
  }
});

test.each([
  ['with # as %23', HOSTED.replace('#', '%23')],
  ['with a slash', HOSTED.replace('/bind#', '/bind/#')],
  ['in capitals', HOSTED.replace('/bind#', '/Bind#')],
  ['encoded altogether', HOSTED.replace(/#.*/, (fragment) => encodeURIComponent(fragment))],
  ['with a query of somebody else', HOSTED.replace('#', '?utm_source=mail&api_base_url=https://evil.example#')],
  ['with %23 and a query of somebody else', HOSTED.replace('#', '%23').concat('&utm_source=mail#section')],
])('a hosted link is repaired %s', (_, url) => {
  expect(parseLink(url)).toEqual({ kind: 'hosted', job: `${API}${JOB}`, ids: IDS, secret: LINK_SECRET });
});

test.each([
  ['&utm_source=mail', REDIRECTED + '&utm_source=mail'],
  ['entities', REDIRECTED.replaceAll('&', '&amp;')],
  ['a dot', REDIRECTED + '.'],
  ['encoded characters', REDIRECTED.replace(CEREMONY, encoded(CEREMONY))],
])('the address of an app is repaired: %s', (_, url) => {
  expect(parseLink(url)).toEqual({ kind: 'redirected', job: `${API}${JOB}`, ids: IDS, secret: CEREMONY });
});

test.each([
  [`${HOSTED}&do`, ''],
  [`${HOSTED}&do=`, ''],
  [`${HOSTED}&amp;do=decline`, 'decline'],
  [`${HOSTED}%26do%3Ddecline`, 'decline'],
  [`${HOSTED};do=decline`, 'decline'],
  [`${HOSTED} do=decline`, 'decline'],
  [`${HOSTED}&do=Decline.`, 'Decline'],
  [`${HOSTED}&do=3Ddecline`, 'Ddecline'],
  [`${HOSTED}&do=%20decline`, 'decline'],
  [`${HOSTED}&do=dec`, 'dec'],
  [`${HOSTED}&do=decline&utm_source=x`, 'decline'],
  [`${HOSTED}&utm_source=do&undo=x&do-not=y&dont=z`, undefined],
])('what a link is for is read by name: %s', (url, errand) => {
  expect(parseLink(url)?.errand).toBe(errand);
});

// A truncated link must never be parsed as one with another errand.
test('a truncated link is invalid', () => {
  const withdrawing = HOSTED.replace('?', '?do=decline&');
  for (let length = withdrawing.length - 1; length > 0; length -= 1) {
    expect(parseLink(withdrawing.slice(0, length)), `${length}`).toBeUndefined();
  }
});
