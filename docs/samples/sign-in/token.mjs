// Verifies sign-in tokens. ISSUER is the address of Bindery, AUDIENCE the config's `sign_in.audience` (by default the address of
// the authenticator config).
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER, AUDIENCE } = process.env;
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', ISSUER)); // cached, and read again for a new key

export async function verify(token) {
  const expected = { issuer: ISSUER, audience: AUDIENCE, typ: 'passkey-sign-in+jwt', algorithms: ['ES256'] };
  return (await jwtVerify(token, keys, expected)).payload;
}
