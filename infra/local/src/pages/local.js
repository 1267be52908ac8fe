// The page of the local stack: its mails and events, and tools for trying things out.

import { ask, byId, element, jobPage, linkIn } from './dom.js';

const EVERY = 1000; // milliseconds between two requests for the list
const PAGE_SIZE = 20;
const ADA = '/v1/tenants/demo/realms/demo/identities/ada';

const FAULTS = [
  ['Next mail: throttled', { service: 'sesv2', operation: 'SendEmail', kind: 'throttle' }],
  ['Next mail: rejected', { service: 'sesv2', operation: 'SendEmail', kind: 'rejected' }],
  ['Next event: fails once', { service: 'eventbridge', operation: 'PutEvents', kind: 'error' }],
  ['Database: 3 errors', { service: 'dynamodb', kind: 'error', times: 3 }],
  ['Database: lost response', { service: 'dynamodb', kind: 'lost_response' }],
  ['10 % of all calls fail', { seed: 1, probability: 0.1, kinds: ['throttle', 'error', 'lost_response'] }],
];

const KINDS = ['mail', 'event', 'failure'];
let kind = KINDS.includes(location.hash.slice(1)) ? location.hash.slice(1) : '';
let page = 1;
let shown = ''; // the last content of the list

// ---- The list ------------------------------------------------------------------------------------

const at = (time) => new Date(time);
const time = (iso) => element('time', { datetime: iso, title: at(iso).toLocaleString() }, clockTime(at(iso)));
const clockTime = (date) => date.toLocaleTimeString(undefined, { hourCycle: 'h23' });

function row(id, iso, tag, what, action, inside) {
  const body = element('div', { class: 'inside', id: `${id}-inside`, hidden: true });
  const toggle = element(
    'button',
    { type: 'button', class: 'toggle', 'aria-expanded': 'false', 'aria-controls': body.id, onclick: () => open() },
    time(iso),
    element('span', { class: 'tag', 'data-tag': tag }, tag),
    what,
  );
  // The content is created when the row is first opened.
  const open = () => {
    if (body.childElementCount === 0) body.append(...inside());
    body.hidden = !body.hidden;
    toggle.setAttribute('aria-expanded', String(!body.hidden));
  };
  return element('li', { class: 'entry', id }, element('div', { class: 'row' }, toggle, action), body);
}

const json = (value) => element('pre', { tabindex: '0' }, JSON.stringify(value, null, 2));
const details = (summary, inside) => element('details', {}, element('summary', {}, summary), inside);

function mailRow(mail, index) {
  const link = linkIn(mail.text);
  const what = element('span', { class: 'what' },
    element('span', { class: 'title' }, mail.subject), element('span', { class: 'sub' }, `to ${mail.to}`));
  const action = link && element('a', { class: 'button primary', href: link }, 'Open the link');
  const report = (event, text) => element('button', { type: 'button', onclick: () => act(async () => {
    await ask('POST', '/_local/email-events', { body: { message_id: mail.message_id, event } });
    return `SES reports a ${text.toLowerCase()} of the mail to ${mail.to}.`;
  }) }, text);
  return row(keyOf('mail', mail, index), mail.time, 'Mail', what, action, () => {
    // Scripts are disabled, and links open outside the frame.
    const frame = element('iframe', {
      title: 'The mail as HTML', srcdoc: mail.html, sandbox: 'allow-popups allow-popups-to-escape-sandbox',
    });
    const { text, html, ...rest } = mail;
    return [
      element('div', { class: 'buttons' }, report('bounce', 'Bounce'), report('complaint', 'Complaint')),
      frame,
      details('Plain text', element('pre', { tabindex: '0' }, text)),
      details('Sender, headers and tags', json(rest)),
    ];
  });
}

const SUBJECTS = { 'Credential Binding Job State Change': 'Job', 'Credential State Change': 'Passkey',
  'Credential Binding Email Status Change': 'Mail status', 'Identity State Change': 'Identity',
  'Credential Sign In': 'Sign-in', 'Credential Clone Suspected': 'Clone' };
const GOOD = ['COMPLETE', 'ACTIVE', 'DELIVERED'];
const BAD = ['FAILED_TO_SEND', 'REVOKED', 'EXPIRED', 'BOUNCED', 'REJECTED', 'COMPLAINED', 'SUSPENDED'];

function eventRow(event, index) {
  const { data, metadata } = event.detail;
  const { credential_binding_job: job, credential, identity } = data;
  const before = data.previous_state ?? data.previous_status;
  const subject = job ?? credential ?? identity ?? {};
  const isMail = event['detail-type'] === 'Credential Binding Email Status Change';
  const isChange = event['detail-type'].endsWith('Change');
  const now = isMail ? subject.email_status : isChange ? subject.state ?? subject.status : undefined;
  const tone = GOOD.includes(now) ? 'good' : BAD.includes(now) ? 'bad' : undefined;
  const change = element('span', { class: 'title' });
  if (before && !isMail) change.append(element('span', { class: 'state' }, before), ' → ');
  change.append(element('span', { class: 'state', 'data-tone': tone }, typeof now === 'string' ? now : event['detail-type']));
  const who = subject.identity_id ?? identity?.id;
  const where = `${metadata.tenant_id}/${metadata.realm_id}`;
  const what = element('span', { class: 'what' }, change,
    element('span', { class: 'sub' }, [who, where === 'demo/demo' ? undefined : where].filter(Boolean).join(' · ')));
  const action = job && element('a', { class: 'button', href: jobPage(job), 'aria-label': `Job of ${who} in the console` }, 'Console');
  const tag = SUBJECTS[event['detail-type']] ?? 'Event';
  const ids = { tenant_id: metadata.tenant_id, realm_id: metadata.realm_id, identity_id: who, job_id: job?.id ?? credential?.job_id };
  return row(keyOf('event', event, index), metadata.occurred_time, tag, what, action, () => [
    ids.job_id && element('div', { class: 'buttons' }, element('button', { type: 'button', onclick: () => act(() => republish(ids)) }, 'Publish again')),
    element('dl', { class: 'facts' },
      element('dt', {}, 'Detail type'), element('dd', {}, event['detail-type']),
      element('dt', {}, 'Event ID'), element('dd', {}, element('code', {}, metadata.event_id)),
      element('dt', {}, 'Correlation ID'), element('dd', {}, element('code', {}, metadata.correlation_id ?? 'none'))),
    json(event.detail),
  ].filter(Boolean));
}

// Publishes the present state of a job and its passkey again, as infra/republish does.
async function republish(ids) {
  const path = '/2015-03-31/functions/PublishChanges/invocations';
  const { events_published: count, errorMessage: message } = await ask('POST', path, { body: { republish: ids } });
  if (message) throw new Error(message);
  return `The present state was published again: ${count} ${count === 1 ? 'event' : 'events'}, with the original ids.`;
}

// A request of the API that failed.
function failureRow(failure, index) {
  const { method, path, status, request_id: request, title, detail, code } = failure;
  const what = element('span', { class: 'what' },
    element('span', { class: 'title' }, element('span', { class: 'state', 'data-tone': 'bad' }, status), ` ${title ?? code ?? ''}`),
    element('span', { class: 'sub' }, `${method} ${path.split('/').slice(-2).join('/')}`));
  return row(keyOf('failure', failure, index), failure.time, 'Failure', what, undefined, () => [
    element('dl', { class: 'facts' },
      element('dt', {}, 'Request'), element('dd', {}, element('code', {}, `${method} ${path}`)),
      element('dt', {}, 'Request ID'), element('dd', {}, element('code', {}, request ?? 'none')),
      element('dt', {}, 'Detail'), element('dd', {}, detail ?? 'none')),
    json(failure),
  ]);
}

const ROWS = { mail: mailRow, event: eventRow, failure: failureRow };
const idOf = { mail: ({ message_id: id }) => id, event: ({ id }) => id, failure: ({ time, request_id: id }) => `${time}-${id}` };
const keyOf = (kind, entry, index) => `${kind}-${idOf[kind](entry)}-${index}`;

// Existing rows stay unchanged, whether open or closed.
function show({ entries, page: now, pages, total }) {
  const present = new Map([...byId('entries').children].map((child) => [child.id, child]));
  const seen = new Map();
  const rows = entries.map(({ kind: of, entry }) => {
    const id = `${of}-${idOf[of](entry)}`;
    const index = seen.get(id) ?? 0; // an event that was published twice
    seen.set(id, index + 1);
    return present.get(keyOf(of, entry, index)) ?? ROWS[of](entry, index);
  });
  const focused = document.activeElement;
  byId('entries').replaceChildren(...rows);
  if (focused?.isConnected) focused.focus({ preventScroll: true });
  page = now;
  byId('empty').hidden = total > 0;
  byId('paging').hidden = pages < 2;
  byId('which').textContent = `Page ${now} of ${pages}, ${total} entries`;
  byId('newer').disabled = now <= 1;
  byId('older').disabled = now >= pages;
}

async function refresh() {
  const query = new URLSearchParams({ page, page_size: PAGE_SIZE, ...(kind && { kind }) });
  try {
    const [list, clock, faults] = await Promise.all(
      [`/_local/activity?${query}`, '/_local/clock', '/_local/faults'].map((path) => ask('GET', path)));
    const text = JSON.stringify([kind, list]);
    if (text !== shown) show(list);
    shown = text;
    showClock(clock);
    showFaults(faults);
    delete byId('live').dataset.lost;
    byId('live').textContent = page > 1 ? 'Newer entries are on page 1' : 'Updated every second';
  } catch {
    byId('live').dataset.lost = '';
    byId('live').textContent = 'The stack does not respond. Is cargo local running?';
  }
}

async function watch() {
  if (!document.hidden) await refresh();
  setTimeout(watch, EVERY);
}

function turn(by) {
  page = Math.max(1, page + by);
  return refresh().then(() => byId('entries').scrollIntoView({ block: 'nearest' }));
}

function choose(now) {
  kind = now;
  page = 1;
  history.replaceState(null, '', kind ? `#${kind}` : location.pathname);
  for (const button of document.querySelectorAll('[data-kind]')) {
    button.setAttribute('aria-pressed', String(button.dataset.kind === kind));
  }
  return refresh();
}

// ---- The tools -----------------------------------------------------------------------------------

function showClock({ now, ahead_seconds: ahead }) {
  byId('now').dateTime = now;
  byId('now').textContent = at(now).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
  const [days, hours, minutes] = [Math.floor(ahead / 86400), Math.floor(ahead / 3600) % 24, Math.floor(ahead / 60) % 60];
  const parts = [[days, 'd'], [hours, 'h'], [minutes, 'min']].filter(([count]) => count > 0);
  byId('ahead').textContent = parts.length > 0 ? `(${parts.map((part) => part.join(' ')).join(' ')} ahead)` : '(real time)';
}

function showFaults({ planned, random, injected_count: injected }) {
  const count = planned.reduce((sum, { times }) => sum + times, 0);
  const waiting = [count > 0 && `${count} planned`, random && `${random.probability * 100} % of all calls fail`].filter(Boolean);
  const past = injected > 0 ? ` ${injected} so far.` : '';
  byId('faults').textContent = `${waiting.length > 0 ? waiting.join(', ') : 'None planned'}.${past}`;
}

// Performs a button's action and shows the result.
async function act(steps) {
  const said = byId('said');
  try {
    said.textContent = await steps();
    delete said.dataset.tone;
  } catch (error) {
    said.textContent = error instanceof TypeError ? 'The stack does not respond.' : error.message;
    said.dataset.tone = 'bad';
  }
  await refresh();
}

// A developer's requests: an access token, then a job.
async function newJob() {
  const client = { grant_type: 'client_credentials', client_id: 'local', client_secret: 'local' };
  const form = new URLSearchParams({ ...client, scope: 'credential-binding-jobs:create' });
  const { access_token: token } = await ask('POST', '/oauth2/token', { body: form });
  const job = {
    delivery_method: 'EMAIL',
    authenticator_config_id: 'hosted',
    post_binding_redirect_uri: `${location.origin}/_local/welcome`,
  };
  const headers = { authorization: `Bearer ${token}` };
  await ask('POST', `${ADA}/credential-binding-jobs`, { headers, body: { job } });
  page = 1;
  return 'Job created. The mail to Ada is on its way: follow its link.';
}

byId('new-job').addEventListener('click', async ({ currentTarget: button }) => {
  button.disabled = true;
  await act(newJob);
  button.disabled = false;
  button.focus();
});
for (const button of document.querySelectorAll('[data-kind]')) button.addEventListener('click', () => choose(button.dataset.kind));
byId('newer').addEventListener('click', () => turn(-1));
byId('older').addEventListener('click', () => turn(1));
for (const button of document.querySelectorAll('[data-advance]')) {
  button.addEventListener('click', () => act(async () => {
    await ask('POST', '/_local/clock', { body: { advance_seconds: Number(button.dataset.advance) } });
    return `The clock moved by ${button.textContent.slice(1)}.`;
  }));
}
byId('fault-buttons').append(...FAULTS.map(([name, body]) => element('button', { type: 'button', onclick: () => act(async () => {
  await ask('POST', '/_local/faults', { body });
  return `Planned: ${name}.`;
}) }, name)));
byId('clear-faults').addEventListener('click', () => act(async () => {
  const { injected } = await ask('DELETE', '/_local/faults');
  return `All faults are removed. ${injected.length} calls failed because of them.`;
}));
byId('reset').addEventListener('click', () => {
  if (confirm('Delete all identities, jobs, passkeys, mails and events of this stack?')) {
    act(async () => {
      await ask('POST', '/_local/reset', { body: {} });
      page = 1;
      return 'All data is deleted. Ada and the demo realm are back.';
    });
  }
});
addEventListener('hashchange', () => choose(KINDS.includes(location.hash.slice(1)) ? location.hash.slice(1) : ''));
choose(kind).then(() => setTimeout(watch, EVERY));
