// A Lambda authorizer of an API Gateway HTTP API (payload 2.0, simple responses), for the route that creates your session. It
// expects `Authorization: Bearer SIGN_IN_TOKEN`. Turn its cache off: a token is for one use. The route's function finds the
// claims in `event.requestContext.authorizer.lambda`, and must check the nonce.
import { verify } from './token.mjs';

export async function handler({ headers }) {
  const [, token] = /^Bearer (\S+)$/.exec(headers?.authorization ?? '') ?? [];
  try {
    const { sub, nonce, auth_time, amr, credential_id, clone_suspected } = await verify(token);
    return { isAuthorized: true, context: { sub, nonce, auth_time, amr: amr.join(' '), credential_id, clone_suspected } };
  } catch (error) {
    // An outage of the key set does not mean that the caller is not signed in, so API Gateway responds with 500.
    if (!error.code?.startsWith('ERR_J')) throw error;
    return { isAuthorized: false };
  }
}
