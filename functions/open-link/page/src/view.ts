// What the user sees.

import { hasWebAuthn } from '../../../../shared/sdk/src/passkey.js';
import type { DisownPreview, Preview } from '../../../../shared/sdk/src/wire.js';
import { $, link, webUrl, write } from './dom.js';
import { drop } from './kept.js';
import { dress } from './theme.js';
import { states, text, type State, type Words } from './words.js';

/** What else is known. */
export interface Facts {
  /** Small print for support. */
  reason?: string | undefined;
  request?: string | undefined;
  /** Values for the placeholders of the text. */
  values?: Record<string, string>;
}

type Tone = 'plain' | 'good' | 'warn' | 'bad';

const warned: State[] = [
  'in-app', 'unsupported', 'disown', 'over', 'renewable', 'renewing', 'expired', 'revoked', 'failed-to-send', 'used',
  'suspended', 'wrong-link', 'cancelled', 'offline', 'busy',
];
const good: State[] = ['declined', 'disowned', 'removed', 'renewed', 'done', 'exists'];
const mayTryAgain: State[] = ['suspended', 'cancelled', 'exists', 'offline', 'busy', 'refused'];
const mayGoElsewhere: State[] = ['in-app', 'unsupported', 'cancelled', 'exists', 'refused'];
const wantsClick: State[] = ['decline', 'disown', 'renewable', 'renewing'];
const showsFacts: State[] = [...mayTryAgain, 'ready', 'in-app', 'unsupported', 'working', 'disown', 'disowned', 'removed', 'over'];
/** Here the link is used up. */
const ends: State[] = [
  'done', 'used', 'expired', 'revoked', 'failed-to-send', 'wrong-link', 'declined', 'disowned', 'removed', 'over', 'renewed',
];
const redirectDelay = 2000;

/** Who asks and for whom. */
let about: Preview | DisownPreview | undefined;

const toneOf = (state: State): Tone =>
  state === 'refused' ? 'bad' : good.includes(state) ? 'good' : warned.includes(state) ? 'warn' : 'plain';

export function show(state: State, words: Partial<Words> = {}, { reason, request, values }: Facts = {}): void {
  const { heading, lead, note = '', progress = '' }: Words = { ...states[state], ...words };
  const root = document.documentElement;
  root.dataset.tone = toneOf(state);
  $('card').hidden = false;
  $('heading').textContent = fill(heading, values);
  $('lead').textContent = fill(lead, values);
  showProgress(progress);
  write($('note'), fill(note, values));
  write($('trace'), [reason && `${text.reason} ${reason}`, request && `${text.request} ${request}`].filter(Boolean).join('\n'));
  $('facts').hidden = !about || !showsFacts.includes(state);
  $('create').hidden = state !== 'ready' && !(state === 'in-app' && hasWebAuthn());
  $('create').textContent = state === 'in-app' ? text.here : text.create;
  $('create').classList.toggle('second', state === 'in-app');
  $('errand').hidden = !wantsClick.includes(state);
  $('retry').hidden = !mayTryAgain.includes(state);
  $('retry').textContent = state === 'exists' ? text.otherDevice : text.retry;
  $('elsewhere').hidden = !about || !mayGoElsewhere.includes(state);
  const quiet = ['checking', 'working', 'done'].includes(state);
  write($('help'), quiet ? '' : plain(about?.help ?? ''));
  $('support').hidden = quiet || !link('support-link').href;
  link('support-link').classList.toggle('button', state === 'over');
  document.title = [heading, about && isolated(about.realm.display_name)].filter(Boolean).join(' – ');
  if (ends.includes(state)) drop();
  // A screen reader goes on from here; not while the first look is still under way, nor twice for one state.
  // A preview leaves the focus where it is.
  if (state !== 'checking' && root.dataset.state !== state && root.dataset.preview === undefined) $('heading').focus();
  root.dataset.state = state;
}

export function showProgress(words: string): void {
  $('progress').textContent = words;
}

/** A name without characters that turn the text around it, marked off so that its own direction does not either. */
const isolated = (name: string): string => `\u2068${plain(name)}\u2069`;
const plain = (name: string): string => name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');

/** Replaces the placeholders in braces. A value that ends with a full stop keeps only one at the end of a sentence. */
export function fill(pattern: string, values: Record<string, string> = {}): string {
  const known: Record<string, string> = { from: about?.realm.display_name || text.someone, ...values };
  return pattern.replace(/\{(\w+)\}(\.?)/g, (_, name, stop) => {
    const value = known[name] ?? '';
    return isolated(value) + (value.endsWith('.') ? '' : stop);
  });
}

export function fillCard(shown: Preview | DisownPreview, { until, passkey, created }: { until?: string; passkey?: string; created?: string }): void {
  about = shown;
  const { realm, identity, theme } = shown;
  const name = realm.display_name;
  fact('realm', plain(name));
  fact('identity', plain(identity.display_name));
  fact('passkey', passkey ?? '');
  time('created', created);
  time('expires', until);
  const support = webUrl(theme.support_url);
  if (support) link('support-link').href = support.href;
  dress(theme, plain(name));
}

function fact(id: string, value: string): void {
  $(id).textContent = value;
  $(id).closest('div')!.hidden = !value;
}

function time(id: string, rfc3339 = ''): void {
  fact(id, localTime(rfc3339));
  ($(id) as HTMLTimeElement).dateTime = rfc3339;
}

/** In the user's own time zone, and in the language of the page. */
export function localTime(rfc3339: string): string {
  const time = new Date(rfc3339);
  const { lang } = document.documentElement;
  // Somebody who speaks another English than ours writes dates in another way.
  const locales = navigator.languages.filter((locale) => locale.startsWith(lang));
  const format = new Intl.DateTimeFormat([...locales, lang], { dateStyle: 'medium', timeStyle: 'short' });
  return Number.isNaN(time.getTime()) ? '' : format.format(time);
}

/** The end: on to where the developer wants the user, or nowhere. */
export function finish(redirectUri?: string): void {
  const target = webUrl(redirectUri);
  if (!target) return show('done', { note: text.stay });
  show('done', { progress: fill(text.leaving, { host: target.host }) });
  link('continue').href = target.href;
  $('continue').hidden = false;
  setTimeout(() => location.assign(target.href), redirectDelay);
}

$('logo').addEventListener('error', () => { $('logo').hidden = true; });
