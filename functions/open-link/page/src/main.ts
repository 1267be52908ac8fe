// The page behind a mailed link: shows who asks, and upon a click creates the passkey.
//
// The link's secret is in a variable of this module and in the tab's storage (see kept.ts) until it is used up, and nowhere
// else: not in the address bar, not in a log. Loading the page reads from the server and changes nothing there; only the
// click on a button does.

import { bindPasskey, type BindProgress } from '../../../../shared/sdk/src/bind.js';
import { BindError, type Bound } from '../../../../shared/sdk/src/error.js';
import { hasWebAuthn } from '../../../../shared/sdk/src/passkey.js';
import { ask, CODE_OF_PROBLEM } from '../../../../shared/sdk/src/server.js';
import type { Preview } from '../../../../shared/sdk/src/wire.js';
import { $ } from './dom.js';
import { isInApp, prepare } from './elsewhere.js';
import { errandOf, lookAtPasskey, offer, runErrand, type Errand } from './errand.js';
import { drop, take, whole } from './kept.js';
import { showOutcome } from './outcome.js';
import { fillCard, finish, localTime, show, showProgress } from './view.js';
import { other, speak, speakOfErrands, text, type State } from './words.js';

const stateOfJob: Record<string, State> = {
  COMPLETE: 'used',
  EXPIRED: 'expired',
  REVOKED: 'revoked',
  FAILED_TO_SEND: 'failed-to-send',
};

const progressOf: Partial<Record<BindProgress, 'device' | 'saving'>> = { REQUEST_DELIVERED: 'device', DEVICE_DONE: 'saving' };

// What the server reports about this address: the type of a problem, or its status. A preview is empty text.
const { problem, preview } = document.documentElement.dataset;
const { given, link } = take();
let url = link ? whole(link) : '';
const named = link && errandOf(link);
let errand: Errand | undefined = named === 'unknown' ? undefined : named;
let looked = false;
let unsaved: BindError['resume']; // made by the device, with no answer from the server yet

// Whatever a step comes to, the page ends in a state that says what to do next.
async function run(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    unsaved = error instanceof BindError ? error.resume : undefined;
    // The link expired while the page was open: a fresh look says what can be done about it.
    const expired = looked && error instanceof BindError && error.code === 'expired';
    await (expired ? look() : Promise.reject(error)).catch(showOutcome);
  }
}

async function look(): Promise<void> {
  show('checking');
  if (errand === 'disown') await lookAtPasskey(link!);
  else if (named === 'unknown') await lookForErrand();
  else await ask<Preview>(link!, 'preview', link!.secret).then(({ body }) => (errand ? speakOfErrands : speak)(body.locale).then(() => showJob(body)), lookForErrand);
  looked = true;
}

// The secret of a notice says what it is for, even when the link does not.
async function lookForErrand(error = new BindError('wrong_link')): Promise<void> {
  if (error.code !== 'wrong_link' || errand) throw error;
  await lookAtPasskey(link!);
  errand = 'disown';
}

function showJob(job: Preview): void {
  fillCard(job, job.state === 'EXPIRED' ? {} : { until: job.expire_time });
  const { renewal, renewable, revoked_by: revoker } = job;
  const state = renewal && !renewable ? renewal.state : job.state;
  if (state === 'EXPIRED' && renewable && errand !== 'decline') {
    errand = 'renew';
    return renewal ? offer(errand, 'renewing', { mailed: localTime(renewal.mail_time) }) : offer(errand);
  }
  const ended = stateOfJob[state];
  if (ended) show(ended, revoker === 'RECIPIENT' ? other.declinedBefore : {});
  else if (errand) offer(errand);
  else if (preview ?? (isInApp() || !hasWebAuthn())) show(isInApp() ? 'in-app' : 'unsupported');
  // Inserted as a value, so that it is not searched for placeholders.
  else show('ready', job.intro ? { lead: '{intro}' } : {}, { values: { intro: job.intro ?? '' } });
}

// A key in software would be bound to this page, where no app could ever use it.
const create = () => bind(text.preparing, () => bindPasskey(url, {
  mechanisms: ['FIDO2'],
  onProgress: (progress) => showProgress(text[progressOf[progress] ?? 'preparing']),
}));

async function bind(progress: string, attempt: () => Promise<Bound>): Promise<void> {
  show('working', { progress });
  const { redirectUri } = await attempt();
  unsaved = undefined;
  url = link!.secret = ''; // used up: let it go
  finish(redirectUri);
}

// "Try again" sends a passkey that the device made already, instead of asking for a second one.
async function again(): Promise<void> {
  if (link?.kind === 'embedded') location.assign(url);
  else if (unsaved) await bind(text.saving, unsaved);
  else if (!looked) await look();
  else await (errand ? runErrand(errand, link!) : create());
}

/** Does something upon a click, but not in a preview. */
const on = (id: string, step: () => Promise<void>) => $(id).addEventListener('click', () => preview ?? run(step));
on('create', create);
on('errand', () => runErrand(errand!, link!));
on('retry', again);

// A second link pasted into this tab changes the fragment only, which loads nothing by itself.
addEventListener('hashchange', () => { if (location.hash) location.reload(); });

if (preview !== undefined) {
  addEventListener('message', ({ data, source }) => { if (source === parent) showJob(data as Preview); });
} else if (link?.kind === 'hosted') {
  prepare(url);
  void run(look);
} else if (link?.kind === 'embedded' && !named && (!problem || problem === '404')) {
  location.replace(url); // an app's link, repaired, or kept over a reload
} else if (problem && !/^\d/.test(problem)) {
  void showOutcome(new BindError(CODE_OF_PROBLEM[problem] ?? 'failed', { reason: problem }));
} else if (problem && problem !== '404') {
  show('busy');
} else if (given) {
  drop();
  show('wrong-link');
} else {
  show('wrong-link', problem ? other.nowhere : { ...other.opener, note: '' });
}
