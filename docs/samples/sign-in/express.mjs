// A back end that accepts sign-in tokens: the page gets a nonce, calls `signIn({ config, nonce })` of @bindery/sdk/sign-in, and
// posts the token.
import { randomUUID } from 'node:crypto';
import express from 'express';
import { verify } from './token.mjs';

const nonces = new Set(); // in production: of the visitor's session, and for five minutes
const app = express().use(express.json());

app.post('/nonce', (request, response) => {
  const nonce = randomUUID();
  nonces.add(nonce);
  response.json({ nonce });
});

app.post('/session', async (request, response) => {
  const claims = await verify(request.body.token).catch(() => undefined);
  if (!claims || !nonces.delete(claims.nonce)) return response.status(401).json({ error: 'not signed in' });
  response.json({ user: claims.sub }); // create your own session for this identity here
});

const server = app.listen(process.env.PORT ?? 8000, '127.0.0.1', () => console.log(`ready ${server.address().port}`));
