// Verifies JSON Lines by SimpleWebAuthn: each line is answered by a line.

import { createInterface } from 'node:readline';

import { verifyRegistrationResponse } from '@simplewebauthn/server';

for await (const line of createInterface({ input: process.stdin })) {
  const { credential, rpId, origins, challenge, userVerification } = JSON.parse(line);
  let answer;
  try {
    const { verified } = await verifyRegistrationResponse({
      response: credential,
      expectedChallenge: challenge,
      expectedOrigin: origins,
      expectedRPID: rpId,
      requireUserVerification: userVerification === 'required',
      supportedAlgorithmIDs: [-7, -8, -35, -36, -257],
    });
    answer = { verified };
  } catch (error) {
    answer = { verified: false, detail: String(error?.message ?? error) };
  }
  console.log(JSON.stringify(answer));
}
