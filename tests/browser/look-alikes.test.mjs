// Credentials as password managers' extensions return them, bound by the real server.

import assert from 'node:assert/strict';

import { stack, visit } from './visit.mjs';

// Each runs in the page. `copy` has the bytes of the credential that the browser created, and no methods.
const LOOK_ALIKES = {
  'a copy without methods': (copy) => copy,
  'all methods throw': (copy, illegal) => {
    copy.toJSON = copy.getClientExtensionResults = illegal;
    for (const name of ['getTransports', 'getPublicKey', 'getPublicKeyAlgorithm', 'getAuthenticatorData']) copy.response[name] = illegal;
    return copy;
  },
  'toJSON gives nothing': (copy) => ({ ...copy, toJSON: () => undefined }),
  'toJSON leaves ArrayBuffers in': (copy) => ({ ...copy, toJSON: () => copy }),
  'typed arrays for buffers': (copy) => {
    copy.rawId = new Uint8Array(copy.rawId);
    copy.response.clientDataJSON = new Uint8Array(copy.response.clientDataJSON);
    return copy;
  },
  'the methods of another object': (copy) => Object.setPrototypeOf(copy, PublicKeyCredential.prototype),
};

for (const [name, disguise] of Object.entries(LOOK_ALIKES)) {
  visit(`a look-alike is bound: ${name}`, async (visitor) => {
    await visitor.page.addInitScript(`{
      const make = navigator.credentials.create.bind(navigator.credentials);
      const illegal = () => { throw new TypeError('Illegal invocation'); };
      navigator.credentials.create = async (options) => {
        const { id, rawId, type, response: { clientDataJSON, attestationObject } } = await make(options);
        const copy = {};
        for (const [name, value] of Object.entries({ id, rawId, type, response: { clientDataJSON, attestationObject } })) {
          Object.defineProperty(copy, name, { value, writable: true, enumerable: true, configurable: true });
        }
        return (${disguise})(copy, illegal);
      };
    }`);
    const { credential_binding_job: job, credential_binding_link: link } = await stack.createJob({ delivery_method: 'RETURN' });
    await visitor.open(link);
    await visitor.click('create');
    await visitor.sees('done');
    const { state, credential_id: id } = await stack.getJob(job);
    assert.equal(state, 'COMPLETE');
    const [made] = await visitor.device.credentials();
    const { webauthn } = await stack.getCredential(id);
    assert.equal(webauthn.credential_id, Buffer.from(made.credentialId, 'base64').toString('base64url'));
  });
}
