// What the user sees.

import { $, link, webUrl, write } from './dom.js';
import { dress, type Theme } from './theme.js';
import { states, text, type State, type Words } from './words.js';

/** Who asks and for whom: the answer to `:preview`. */
export interface Preview {
  state: string;
  expire_time: string;
  realm?: { display_name?: string };
  identity?: { display_name?: string };
  theme?: Theme;
  post_binding_redirect_uri?: string;
  /** Whether a new link may be asked for in place of this expired one. */
  renewable?: boolean;
}

/** Small print for support. */
export interface Trace {
  reason?: string | undefined;
  request?: string | undefined;
}

const mayTryAgain: State[] = ['cancelled', 'exists', 'offline', 'busy', 'refused'];
const redirectDelay = 2000;

let preview: Preview | undefined;

export function show(state: State, words: Partial<Words> = {}, trace: Trace = {}): void {
  const { tone, heading, lead, note = '', progress = '' }: Words & { tone: string } = { ...states[state], ...words };
  const root = document.documentElement;
  root.dataset.tone = tone;
  $('card').hidden = false;
  $('heading').textContent = fill(heading);
  $('lead').textContent = fill(lead);
  showProgress(progress);
  write($('note'), fill(note));
  write($('trace'), [
    trace.reason && text.reason + trace.reason,
    trace.request && text.request + trace.request,
  ].filter(Boolean).join('\n'));
  $('facts').hidden = !preview || ![...mayTryAgain, 'ready', 'working'].includes(state);
  $('create').hidden = state !== 'ready';
  $('errand').hidden = !['decline', 'disown', 'renewable'].includes(state);
  $('retry').hidden = !mayTryAgain.includes(state);
  $('retry').textContent = state === 'exists' ? text.otherDevice : text.retry;
  $('support').hidden = !link('support-link').href || ['checking', 'working', 'done'].includes(state);
  document.title = [heading, preview?.realm?.display_name].filter(Boolean).join(' – ');
  // A screen reader goes on from here; not while the first look is still under way, nor twice for one state.
  if (state !== 'checking' && root.dataset.state !== state) $('heading').focus();
  root.dataset.state = state;
}

export function showProgress(words: string): void {
  $('progress').textContent = words;
}

/** Names are marked off, so that one written from right to left does not turn the words around it. */
export function fill(pattern: string, values?: Record<string, string>): string {
  const known = values ?? { from: preview?.realm?.display_name || text.someone };
  return pattern.replace(/\{(\w+)\}/g, (_, name) => `\u2068${known[name]}\u2069`);
}

export function fillCard(shown: Preview): void {
  preview = shown;
  const { realm, identity, expire_time, theme = {} } = shown;
  fact('realm', realm?.display_name);
  fact('identity', identity?.display_name);
  fact('expires', localTime(expire_time));
  const expires = $('expires') as HTMLTimeElement;
  expires.dateTime = expire_time;
  expires.lang = navigator.language;
  const support = webUrl(theme.support_url);
  if (support) link('support-link').href = support.href;
  dress(theme, realm?.display_name ?? '');
}

function fact(id: string, value: string | undefined): void {
  $(id).textContent = value ?? '';
  $(id).closest('div')!.hidden = !value;
}

/** In the user's own language and time zone, even though the page speaks English. */
function localTime(rfc3339: string): string {
  const time = new Date(rfc3339);
  return Number.isNaN(time.getTime()) ? '' : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(time);
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

// What never changes.
$('create').textContent = text.create;
$('continue').textContent = text.proceed;
$('support-link').textContent = text.support;
$('logo').addEventListener('error', () => { $('logo').hidden = true; });
