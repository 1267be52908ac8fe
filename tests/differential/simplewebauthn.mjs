// Verifies JSON Lines by SimpleWebAuthn: each line is answered by a line, with the time that it took.

import { createInterface } from 'node:readline';

import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';

for await (const line of createInterface({ input: process.stdin })) {
  const { credential, rpId, origins, challenge, userVerification, registered } = JSON.parse(line);
  const expected = {
    response: credential,
    expectedChallenge: challenge,
    expectedOrigin: origins,
    expectedRPID: rpId,
    requireUserVerification: userVerification === 'required',
  };
  let answer;
  const begun = process.hrtime.bigint();
  try {
    const { verified } = registered
      ? await verifyAuthenticationResponse({
          ...expected,
          credential: {
            id: registered.credentialId,
            publicKey: Buffer.from(registered.coseKey, 'base64url'),
            counter: registered.signCount,
          },
        })
      : await verifyRegistrationResponse({ ...expected, supportedAlgorithmIDs: [-7, -8, -35, -36, -257] });
    answer = { verified };
  } catch (error) {
    answer = { verified: false, detail: String(error?.message ?? error) };
  }
  answer.nanoseconds = Number(process.hrtime.bigint() - begun);
  console.log(JSON.stringify(answer));
}
