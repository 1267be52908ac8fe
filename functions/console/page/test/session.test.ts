import { expect, test } from 'vitest';

import { base64url, challengeOf, claimsOf, ownPage } from '../src/session.ts';

test('the challenge of RFC 7636, appendix B', async () => {
  const verifier = base64url(Uint8Array.from([
    116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5,
    88, 83, 132, 141, 121,
  ]));
  expect(verifier).toBe('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk');
  expect(await challengeOf(verifier)).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
});

test('claims are read, and an invalid token has none', () => {
  const payload = Buffer.from(JSON.stringify({ tenant_id: 'größe' })).toString('base64url');
  expect(claimsOf(`a.${payload}.b`)).toEqual({ tenant_id: 'größe' });
  for (const not of ['', 'a', 'a.!.b', 'a.bnVsbA.b']) expect(claimsOf(not)).toEqual({});
});

test('a page to return to belongs to the console', () => {
  for (const own of ['/console', '/console/demo/demo/jobs?q=a#b', '/console?x']) expect(ownPage(own)).toBe(own);
  for (const other of ['https://evil.example/', '//evil.example', '/console//evil.example', '/consoles', '/bind', '/console/callback?code=x', '']) {
    expect(ownPage(other)).toBe('/console');
  }
});
