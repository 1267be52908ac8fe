// The start page of the API reference: the commands for this stack, and the operations of /openapi.json.

import { ask, byId, element } from '/_local/dom.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head'];
const BASE = '/v1/tenants/{tenant_id}/realms/{realm_id}';

byId('token-command').textContent = `curl -sS ${location.origin}/oauth2/token \\
  -d grant_type=client_credentials \\
  -d client_id=local -d client_secret=local`;
byId('job-command').textContent = `curl -sS ${location.origin}/v1/tenants/demo/realms/demo/identities/ada/credential-binding-jobs \\
  -H "Authorization: Bearer $TOKEN" -d '{"job":{
    "delivery_method":"RETURN","authenticator_config_id":"hosted"}}'`;

// The address of an operation in the reference, as RapiDoc builds it.
const reference = ({ method, path }) => `/docs/reference#${method}-${path.replace(/[\s#:?&={}]/g, '-')}`;

function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, methods]) => METHODS.filter((method) => methods[method])
    .map((method) => ({ method, path, tag: 'Others', ...pick(methods[method]) })));
}

const pick = ({ operationId, summary, tags = [] }) => ({ operationId, summary, ...(tags[0] && { tag: tags[0] }) });

function row(operation) {
  const { method, path, summary, operationId } = operation;
  return element('li', { 'data-search': `${method} ${path} ${summary} ${operationId}`.toLowerCase() },
    element('a', { href: reference(operation) },
      element('span', { class: 'method', 'data-method': method }, method.toUpperCase()),
      element('span', { class: 'name' }, summary ?? operationId),
      element('span', { class: 'path' }, path.replace(`${BASE}/`, '…/'))));
}

function group({ name, description }, operations) {
  return element('section', {},
    element('h3', {}, name),
    description && element('p', { class: 'fine' }, description),
    element('ul', {}, ...operations.map(row)));
}

function find() {
  const words = byId('find').value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const section of byId('groups').children) {
    const rows = [...section.querySelectorAll('li')];
    for (const item of rows) item.hidden = !words.every((word) => item.dataset.search.includes(word));
    const left = rows.filter((item) => !item.hidden).length;
    section.hidden = left === 0;
    count += left;
  }
  byId('found').textContent = words.length > 0 ? `${count} ${count === 1 ? 'operation' : 'operations'}` : '';
}

try {
  const document_ = await ask('GET', '/openapi.json');
  const operations = operationsOf(document_);
  for (const link of document.querySelectorAll('[data-operation]')) {
    const operation = operations.find(({ operationId }) => operationId === link.dataset.operation);
    if (operation) link.href = reference(operation);
  }
  const names = [...new Set([...(document_.tags ?? []).map(({ name }) => name), ...operations.map(({ tag }) => tag)])];
  const groups = names.map((name) => [document_.tags?.find((tag) => tag.name === name) ?? { name }, operations.filter(({ tag }) => tag === name)]);
  byId('groups').replaceChildren(...groups.filter(([, of]) => of.length > 0).map(([tag, of]) => group(tag, of)));
  byId('find').addEventListener('input', find);
} catch (error) {
  byId('found').textContent = `The OpenAPI document cannot be read: ${error.message}`;
}
