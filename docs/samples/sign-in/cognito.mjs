// Three triggers of an Amazon Cognito user pool (custom authentication challenge), which let users of the pool sign in with a
// passkey of Bindery. Set each as the Lambda function's handler. The identity's id is the pool's user name.
//
// The app starts CUSTOM_AUTH, calls `signIn({ config, identityId, nonce })` with the challenge's nonce, and answers the challenge
// with the sign-in token.
import { randomUUID } from 'node:crypto';
import { verify } from './token.mjs';

/** Define auth challenge: one attempt. */
export async function define(event) {
  const { session } = event.request;
  const [first] = session;
  const signedIn = session.length === 1 && first.challengeName === 'CUSTOM_CHALLENGE' && first.challengeResult === true;
  event.response.issueTokens = signedIn;
  event.response.failAuthentication = !signedIn && session.length > 0;
  if (session.length === 0) event.response.challengeName = 'CUSTOM_CHALLENGE';
  return event;
}

/** Create auth challenge: a nonce, which the sign-in token has to contain. */
export async function create(event) {
  const nonce = randomUUID();
  event.response.publicChallengeParameters = { nonce };
  event.response.privateChallengeParameters = { nonce };
  event.response.challengeMetadata = 'PASSKEY';
  return event;
}

/** Verify auth challenge response: the token is about this user and this challenge. */
export async function verifyAnswer(event) {
  const { challengeAnswer, privateChallengeParameters } = event.request;
  const claims = await verify(challengeAnswer).catch(() => undefined);
  event.response.answerCorrect = claims?.sub === event.userName && claims.nonce === privateChallengeParameters.nonce;
  return event;
}
