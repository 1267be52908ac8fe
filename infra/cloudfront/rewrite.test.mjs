// node --test infra/cloudfront
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const source = readFileSync(new URL("rewrite.js", import.meta.url), "utf8");
const template = readFileSync(new URL("../../template.yaml", import.meta.url), "utf8");
// CloudFront calls a global `handler`; a module could not hold it.
const handler = runInNewContext(`${source}; handler`);

const JOB = "/v1/tenants/acme/realms/main/identities/ada/credential-binding-jobs/0198c0de-7a57-7000-8000-000000000001";

const PATHS = [
  // Every verb that there is, and one that there is not: which verbs exist is for the API to say.
  [`${JOB}:invokeAuthenticator`, `${JOB}/invokeAuthenticator`],
  [`${JOB}:preview`, `${JOB}/preview`],
  [`${JOB}:previewDisown`, `${JOB}/previewDisown`],
  [`${JOB}:open`, `${JOB}/open`],
  [`${JOB}:getInfo`, `${JOB}/getInfo`],
  [`${JOB}:bind`, `${JOB}/bind`],
  [`${JOB}:revoke`, `${JOB}/revoke`],
  [`${JOB}:nonsense`, `${JOB}/nonsense`],
  // A percent-encoded colon, in either case.
  [`${JOB}%3Abind`, `${JOB}/bind`],
  [`${JOB}%3abind`, `${JOB}/bind`],
  ["/v1/a:b", "/v1/a/b"],
  ["a:b", "a/b"],
  // Other escapes in the id stay as they are.
  ["/v1/a%20b%2Fc:open", "/v1/a%20b%2Fc/open"],
  // No verb.
  ["/", "/"],
  ["", ""],
  ["/bind", "/bind"],
  [JOB, JOB],
  [`${JOB}/bind`, `${JOB}/bind`],
  // A colon, but not in the last segment.
  ["/v1/a:open/b", "/v1/a:open/b"],
  [`${JOB}:open/`, `${JOB}:open/`],
  ["/v1/a%3Aopen/b", "/v1/a%3Aopen/b"],
  // A colon in the last segment, but not `{id}:verb`.
  ["/v1/:open", "/v1/:open"],
  ["/v1/%3Aopen", "/v1/%3Aopen"],
  ["/v1/a:", "/v1/a:"],
  ["/v1/a%3A", "/v1/a%3A"],
  ["/v1/a:b:open", "/v1/a:b:open"],
  ["/v1/a%3Ab:open", "/v1/a%3Ab:open"],
  ["/v1/a::open", "/v1/a::open"],
  ["/v1/a:open2", "/v1/a:open2"],
  ["/v1/a:op-en", "/v1/a:op-en"],
  ["/v1/a:op%65n", "/v1/a:op%65n"],
  ["/v1/a:open\n", "/v1/a:open\n"],
  // Encoded twice is not a colon.
  ["/v1/a%253Aopen", "/v1/a%253Aopen"],
];

for (const [from, to] of PATHS) {
  test(`${JSON.stringify(from)} ${from === to ? "stays" : `becomes ${to}`}`, () => {
    const request = handler({ request: { uri: from, querystring: {} } });
    assert.equal(request.uri, to);
    assert.equal(Object.keys(request.querystring).length, 0);
  });
}

// A link whose `?` was encoded on its way: from, to, and the query.
const LINKS = [
  [`${JOB}:invokeAuthenticator%3Ftoken=a-b_c`, `${JOB}/invokeAuthenticator`, { token: "a-b_c" }],
  [`${JOB}%3ainvokeAuthenticator%3ftoken%3Da&utm_source=mail`, `${JOB}/invokeAuthenticator`, { token: "a", utm_source: "mail" }],
  [`${JOB}:open%3Ftoken=a%3Fb=c`, `${JOB}/open`, { token: "a%3Fb=c" }],
  [`${JOB}:open%3F`, `${JOB}/open`, {}],
  [`${JOB}:open%3Fflag`, `${JOB}/open`, { flag: "" }],
  // Not behind a verb, or encoded twice.
  [`${JOB}%3Ftoken=a`, `${JOB}%3Ftoken=a`, {}],
  [`${JOB}:open2%3Ftoken=a`, `${JOB}:open2%3Ftoken=a`, {}],
  [`${JOB}:open%253Ftoken=a`, `${JOB}:open%253Ftoken=a`, {}],
];

for (const [from, to, query] of LINKS) {
  test(`${from} becomes ${to}`, () => {
    const request = handler({ request: { uri: from, querystring: { kept: { value: "x" } } } });
    assert.equal(request.uri, to);
    const expected = Object.entries({ kept: "x", ...query }).map(([name, value]) => [name, { value }]);
    assert.deepEqual(JSON.parse(JSON.stringify(request.querystring)), Object.fromEntries(expected));
  });
}

test("nothing but the path changes", () => {
  const request = () => ({
    method: "POST",
    uri: `${JOB}:invokeAuthenticator`,
    querystring: { token: { value: "a:b" }, next: { value: "https%3A%2F%2Fexample.com%2Fx:y" } },
    headers: { host: { value: "enrol.example.com" }, authorization: { value: "Bearer x:y" } },
    cookies: { c: { value: "x:y" } },
  });
  assert.deepEqual(handler({ version: "1.0", viewer: { ip: "192.0.2.1" }, request: request() }), { ...request(), uri: `${JOB}/invokeAuthenticator` });
});

test("template.yaml carries this very code", () => {
  const block = template.match(/^( +)FunctionCode: \|\n((?:\1  .*\n|\n)*)/m);
  assert.ok(block, "template.yaml has a FunctionCode block");
  const indent = `${block[1]}  `.length;
  const inline = block[2].split("\n").map((line) => line.slice(indent)).join("\n");
  assert.equal(inline.trimEnd(), source.trimEnd());
});

test("CloudFront takes the code: at most 10 KB, and the runtime that it is written for", () => {
  assert.ok(Buffer.byteLength(source) <= 10_240);
  assert.match(template, /^ +Runtime: cloudfront-js-2\.0$/m);
});
