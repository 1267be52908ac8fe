// Browsers that predate WebAuthn Level 3.

import { beforeEach, expect, test, vi } from 'vitest';

import { bindPasskey } from '../src/index.js';
import { EMBEDDED, REGISTRATION, World, made } from './world.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const usable = { isUserVerifyingPlatformAuthenticatorAvailable: async () => true };
let world: World;

beforeEach(() => {
  world = new World();
});

test.each([
  ['is missing', usable],
  ['throws', { ...usable, parseCreationOptionsFromJSON: () => { throw new TypeError('Illegal invocation'); } }],
  ['gives nothing', { ...usable, parseCreationOptionsFromJSON: () => undefined }],
])('options are converted here where parseCreationOptionsFromJSON %s', async (_, browser) => {
  vi.stubGlobal('PublicKeyCredential', browser);
  const { toJSON, ...credential } = made();
  world.create.mockResolvedValueOnce(credential);
  await bindPasskey(EMBEDDED);
  const [{ publicKey } = {}] = world.create.mock.calls[0]!;
  expect(publicKey).toMatchObject({
    challenge: bytes('challenge'),
    user: { id: bytes('user'), name: 'ada' },
    rp: { id: 'app.example.com' },
    excludeCredentials: [{ type: 'public-key', id: bytes('other') }],
  });
  expect(await world.proofs()).toEqual([{ type: 'FIDO2', raw: REGISTRATION }]);
});
