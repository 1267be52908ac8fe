// Shared code of the local pages: elements, requests to this stack, and the console's addresses.

// An element with attributes and children. An undefined child is omitted.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'onclick') made.addEventListener('click', value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

// Sends a request. Returns the JSON of the response, or throws an error with the response's message.
export async function ask(method, path, { body, headers } = {}) {
  const options = { method, headers: { accept: 'application/json', ...headers } };
  if (body !== undefined) options.body = body instanceof URLSearchParams ? body : JSON.stringify(body);
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.detail ?? answer.message ?? `${path}: status ${response.status}`);
  return answer;
}

const segment = encodeURIComponent;

// The console's page of a job.
export const jobPage = ({ tenant_id: tenant, realm_id: realm, identity_id: identity, id }) =>
  `/console/${[tenant, realm].map(segment).join('/')}/jobs/${segment(identity)}/${segment(id)}`;

// The link in a mail's text, of either kind.
export const linkIn = (text) => text?.match(/https?:\/\/\S+(?:#\/v1\/|:invokeAuthenticator\?)\S+/)?.[0];
