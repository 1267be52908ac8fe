// The page behind a mailed link: shows who asks, and upon a click creates the passkey.
//
// The secret of the link lives in one variable of this module and nowhere else: not in the address bar,
// not in storage, not in a log. Loading the page reads from the server and changes nothing there;
// only the click on the button does.

import { bindPasskey, type BindProgress } from '../../../../shared/sdk/src/bind.js';
import { BindError, type Bound } from '../../../../shared/sdk/src/error.js';
import { parseLink } from '../../../../shared/sdk/src/link.js';
import { hasWebAuthn } from '../../../../shared/sdk/src/passkey.js';
import { ask } from '../../../../shared/sdk/src/server.js';
import { $ } from './dom.js';
import { errandOf, offer, runErrand } from './errand.js';
import { showOutcome } from './outcome.js';
import { fillCard, finish, show, showProgress, type Preview } from './view.js';
import { otherWords, text, type State } from './words.js';

const stateOfJob: Record<string, State> = {
  COMPLETE: 'used',
  EXPIRED: 'expired',
  REVOKED: 'revoked',
  FAILED_TO_SEND: 'failed-to-send',
};

const words: Partial<Record<BindProgress, string>> = { REQUEST_DELIVERED: text.device, DEVICE_DONE: text.saving };

let url = takeUrl();
const given = url.includes('#');
const link = parseLink(url);
let errand = errandOf(url);
let looked = false;
let unsaved: BindError['resume']; // made by the device, with no answer from the server yet

// Nobody who looks at the screen, the history or a shared tab is to find the secret in the address bar.
function takeUrl(): string {
  const { href, hash, pathname, search } = location;
  if (hash) history.replaceState(null, '', pathname + search);
  return hash.length > 1 ? href : pathname;
}

// Whatever a step comes to, the page ends in a state that says what to do next.
async function run(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    unsaved = error instanceof BindError ? error.resume : undefined;
    showOutcome(error);
  }
}

async function look(): Promise<void> {
  show('checking');
  const { body: preview } = await ask<Preview>(link!, 'preview', link!.secret);
  looked = true;
  fillCard(preview);
  if (preview.state === 'EXPIRED' && preview.renewable && !errand) errand = 'renew';
  const ended = errand === 'decline' || !errand ? stateOfJob[preview.state] : undefined;
  if (ended) show(ended);
  else if (errand) offer(errand);
  else show('ready');
}

// A key in software would lie with this page, where no app could ever use it.
const create = () => bind(text.preparing, () => bindPasskey(url, {
  mechanisms: ['FIDO2'],
  onProgress: (progress) => showProgress(words[progress] ?? text.preparing),
}));

async function bind(progress: string, attempt: () => Promise<Bound>): Promise<void> {
  show('working', { progress });
  const { redirectUri } = await attempt();
  unsaved = undefined;
  url = ''; // used up: let it go
  if (link) link.secret = '';
  finish(redirectUri);
}

// "Try again" sends a passkey that the device made already, instead of asking for a second one.
function again(): Promise<void> {
  if (unsaved) return bind(text.saving, unsaved);
  if (!looked) return look();
  return errand ? runErrand(errand, link!) : create();
}

$('create').addEventListener('click', () => run(create));
$('errand').addEventListener('click', () => run(() => runErrand(errand!, link!)));
$('retry').addEventListener('click', () => run(again));

// A second link pasted into this tab changes the fragment only, which loads nothing by itself.
addEventListener('hashchange', () => { if (location.hash) location.reload(); });

if (!given) show('wrong-link', otherWords.opener);
else if (link?.kind !== 'hosted') show('wrong-link');
else if (!errand && !hasWebAuthn()) show('unsupported');
else run(look);
