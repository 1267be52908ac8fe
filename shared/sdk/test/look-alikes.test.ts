// Credentials as password managers' extensions create them: objects that look like a PublicKeyCredential, but lack
// members that their makers did not need, or have failing ones.

import { beforeEach, expect, test, vi } from 'vitest';

import { bindPasskey, type BindError } from '../src/index.js';
import { EMBEDDED, REGISTRATION, World, made } from './world.js';

type Members = Record<string, any>;
type Change = [name: string, apply: (credential: Members) => void];

let world: World;
beforeEach(() => { world = new World(); });

const illegal = () => { throw new TypeError('Illegal invocation'); };
const METHODS = [
  'toJSON', 'getClientExtensionResults', 'response.getTransports', 'response.getAuthenticatorData',
  'response.getPublicKey', 'response.getPublicKeyAlgorithm',
];
const VALUES = ['id', 'rawId', 'type', 'authenticatorAttachment', 'response.clientDataJSON', 'response.attestationObject'];
const WRONG: Members = {
  toJSON: { response: 'none' }, getClientExtensionResults: 'none', 'response.getTransports': { usb: true },
  'response.getAuthenticatorData': 7, 'response.getPublicKey': 'key', 'response.getPublicKeyAlgorithm': 'ES256',
};

// Each member in each faulty form: absent, throwing, null, or of a wrong type; methods can also return such values.
const changes: Change[] = [...METHODS, ...VALUES].flatMap((path) => {
  const [member = '', parent] = path.split('.').reverse();
  const on = (credential: Members) => (parent ? credential[parent] : credential);
  const put = (value: unknown) => (credential: Members) => { on(credential)[member] = value; };
  const states: Change[] = [
    [`${path} is missing`, (credential) => { delete on(credential)[member]; }],
    [`${path} throws when it is read`, (credential) => { Object.defineProperty(on(credential), member, { get: illegal }); }],
    [`${path} is null`, put(null)],
    [`${path} is of a wrong type`, put(METHODS.includes(path) ? 'text' : { unlike: 'bytes' })],
  ];
  if (!METHODS.includes(path)) return states;
  return [
    ...states,
    [`${path} throws when it is called`, put(illegal)],
    [`${path} gives undefined`, put(() => undefined)],
    [`${path} gives null`, put(() => null)],
    [`${path} gives a wrong type`, put(() => WRONG[path])],
  ];
});
changes.push(
  ['toJSON leaves ArrayBuffers in', (credential) => {
    const { rawId, response } = made();
    credential.toJSON = () => ({ ...REGISTRATION, rawId, response });
  }],
  ['everything that is not needed is missing', (credential) => {
    const { rawId, response: { clientDataJSON, attestationObject } } = made();
    for (const member of Object.keys(credential)) delete credential[member];
    Object.assign(credential, { rawId, response: { clientDataJSON, attestationObject } });
  }],
);

const disrepair = (...applied: Change[]) => {
  const credential = made();
  for (const [, apply] of applied) apply(credential);
  return credential;
};

async function binds(credential: unknown): Promise<Members> {
  world.create.mockResolvedValueOnce(credential);
  await bindPasskey(EMBEDDED);
  const { type, raw } = await world.requests.at(-1)!.clone().json();
  expect(type).toBe('FIDO2');
  return raw;
}

// The members that the server needs in any case; transports and extensions are optional.
const NEEDED = { id: 'bmV3', rawId: 'bmV3', type: 'public-key' };
const { clientDataJSON, attestationObject } = REGISTRATION.response;

test.each(changes)('%s, and the passkey is bound', async (...change) => {
  const raw = await binds(disrepair(change));
  expect(raw).toMatchObject({ ...NEEDED, response: { clientDataJSON, attestationObject, transports: expect.any(Array) } });
  expect(Object.keys(raw.response).sort()).toEqual(['attestationObject', 'clientDataJSON', 'transports']);
  expect(world.forget).not.toHaveBeenCalled();
});

test('no two optional members cause a failure together', async () => {
  const needless = changes.filter(([name]) => !/^(id|rawId|response\.(clientData|attestation))/.test(name));
  for (const [index, one] of needless.entries()) {
    world = new World();
    for (const other of needless.slice(index + 1)) {
      const raw = await binds(disrepair(other, one)).catch((error) => expect.fail(`${one[0]}, ${other[0]}: ${error}`));
      expect(raw, `${one[0]}, ${other[0]}`).toMatchObject({ ...NEEDED, response: { clientDataJSON, attestationObject } });
    }
  }
}, 60_000);

test('transports and credProps are sent if they can be read', async () => {
  expect(await binds(made())).toEqual(REGISTRATION);
  const mixed = made();
  mixed.response.getTransports = () => ['usb', 7, null] as string[];
  expect((await binds(mixed)).response.transports).toEqual(['usb']);
});

const unreadable = changes.filter(([name]) => /^response\.(clientData|attestation)/.test(name));

test.each(unreadable)('%s, and toJSON does not help: the passkey is forgotten', async (...change) => {
  const { toJSON, ...credential } = disrepair(change);
  world.create.mockResolvedValueOnce(credential);
  const error: BindError = await bindPasskey(EMBEDDED).then(() => expect.fail('it should fail'), (error) => error);
  expect(error).toMatchObject({ name: 'BindError', code: 'failed', reason: 'credential_unreadable' });
  expect(world.forget.mock.calls).toEqual([[{ rpId: 'app.example.com', credentialId: 'bmV3' }]]);
  expect(world.asked).not.toContain('POST bind');
});

test.each([
  ['is missing', undefined],
  ['throws', illegal],
  ['rejects', () => Promise.reject(new TypeError('Illegal invocation'))],
  ['gives no promise', () => undefined],
])('the reason is reported although signalUnknownCredential %s', async (_, signalUnknownCredential) => {
  vi.stubGlobal('PublicKeyCredential', { ...PublicKeyCredential, signalUnknownCredential });
  for (const nothing of [null, undefined, {}, { response: {} }]) {
    world.create.mockResolvedValueOnce(nothing);
    await expect(bindPasskey(EMBEDDED)).rejects.toMatchObject({ code: 'failed', reason: 'credential_unreadable' });
  }
});
