// Browsers that came before WebAuthn Level 3, and password managers' look-alikes.

import { beforeEach, expect, test, vi } from 'vitest';

import { bindPasskey } from '../src/index.js';
import { EMBEDDED, World } from './world.js';

const bytes = (text: string) => new TextEncoder().encode(text);
let world: World;

beforeEach(() => {
  world = new World();
  vi.stubGlobal('PublicKeyCredential', { isUserVerifyingPlatformAuthenticatorAvailable: async () => true });
});

const credential = {
  id: 'bmV3',
  rawId: bytes('new').buffer,
  type: 'public-key',
  authenticatorAttachment: null,
  getClientExtensionResults: () => ({}),
  response: {
    clientDataJSON: bytes('{"type"}').buffer,
    attestationObject: Uint8Array.of(0xfb, 0xff, 0xfe).buffer,
    getAuthenticatorData: () => bytes('data').buffer,
    getTransports: () => ['internal'],
    getPublicKey: () => null,
    getPublicKeyAlgorithm: () => -7,
  },
};

test.each([
  ['there is no toJSON', credential],
  ['toJSON throws', { ...credential, toJSON: () => { throw new TypeError('Illegal invocation'); } }],
])('conversions are made here where %s', async (_, made) => {
  world.create.mockResolvedValueOnce(made);
  await bindPasskey(EMBEDDED);
  const [{ publicKey } = {}] = world.create.mock.calls[0]!;
  expect(publicKey).toMatchObject({
    challenge: bytes('challenge'),
    user: { id: bytes('user'), name: 'ada' },
    rp: { id: 'app.example.com' },
    excludeCredentials: [{ type: 'public-key', id: bytes('other') }],
  });
  expect(await world.proofs()).toEqual([{
    type: 'FIDO2',
    raw: {
      id: 'bmV3',
      rawId: 'bmV3',
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: 'eyJ0eXBlIn0',
        attestationObject: '-__-',
        authenticatorData: 'ZGF0YQ',
        transports: ['internal'],
        publicKeyAlgorithm: -7,
      },
    },
  }]);
});

test('what a device may not have is left out', async () => {
  const { getPublicKey, getAuthenticatorData, getPublicKeyAlgorithm, getTransports, ...response } = credential.response;
  world.create.mockResolvedValueOnce({ ...credential, response });
  await bindPasskey(EMBEDDED);
  const [proof] = await world.proofs();
  expect(proof!.raw.response).toEqual({ clientDataJSON: 'eyJ0eXBlIn0', attestationObject: '-__-', transports: [] });
});
