// What verify-attestation does for a passkey, as a Lambda function on Node.js with the usual libraries.

import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { verifyRegistrationResponse } from '@simplewebauthn/server';

const table = process.env.TABLE_NAME;
const database = new DynamoDBClient({});
await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: process.env.CEREMONY_KEY_SECRET }));

async function bind(event) {
  const { raw } = JSON.parse(event.body);
  const client = JSON.parse(Buffer.from(raw.response.clientDataJSON, 'base64url'));
  const key = { pk: { S: 'JOB' }, sk: { S: event.rawPath } };
  await database.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }));
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: raw,
    expectedChallenge: client.challenge,
    expectedOrigin: client.origin,
    expectedRPID: new URL(client.origin).hostname,
  });
  const { credential } = registrationInfo;
  const item = { ...key, credential_id: { S: credential.id }, public_key: { B: credential.publicKey } };
  await database.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: table, Item: item } }] }));
  return { statusCode: 200, body: JSON.stringify({ verified }) };
}

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
for (;;) {
  const next = await fetch(`${api}/next`);
  const body = JSON.stringify(await bind(await next.json()));
  await fetch(`${api}/${next.headers.get('lambda-runtime-aws-request-id')}/response`, { method: 'POST', body });
}
