// All texts of the page. It is served with the texts of one language, in a separate element. Those of another
// language, and rarely needed ones (of errands, and remedies), are loaded on demand.

import { BindError } from '../../../../shared/sdk/src/error.js';
import type { Errand, Other, Remedy, State as Usual, Text } from './catalogue.js';
import { $ } from './dom.js';

export type State = Usual | Exclude<Errand, Cause>;
/** Errands whose states have separate texts. */
type Cause = 'removedByThem' | 'removedByMail';

export interface Words {
  /** The title of the window, too. */
  heading: string;
  lead: string;
  note?: string;
  progress?: string;
}

interface Texts {
  text: Record<Text, string>;
  states: Record<State, Words>;
  other: Record<Other | Cause, Partial<Words>>;
  remedies: Record<Remedy, string>;
}

/** Parses texts: a line for each, with its name and its parts, and an empty line between groups. */
function read(file: string): Texts {
  const [text, states, other, errands, remedies] = file.split('\n\n').map((group, index) =>
    Object.fromEntries(group.split('\n').map((line) => {
      const [name, heading, lead, note] = line.split('|');
      return [name, index % 4 ? { ...(heading && { heading }), lead, ...(note && { note }) } : heading];
    })));
  return { text, states: { ...states, ...errands }, other: { ...other, ...errands }, remedies } as unknown as Texts;
}

export let { text, states, other }: Texts = read($('words').textContent!);

const root = document.documentElement;

/** The timeout for loading the texts of another language, in milliseconds. */
const patience = 5000;

async function load(language: string): Promise<Texts> {
  const answer = await fetch(`/bind/words/${language}.txt`, { signal: AbortSignal.timeout(patience) });
  return read((await answer.text()).replace(/[^]*?\n\n/, ''));
}

/** Writes the constant texts into the elements that name them. */
export function label(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = text[element.dataset.text as Text];
  }
}

/** Switches to a language with all of its texts. */
async function change(language: string): Promise<void> {
  ({ text, states, other } = await load(language));
  root.lang = language;
  root.dir = language === 'ar' ? 'rtl' : 'ltr';
  label();
}

/** Switches to the language of the job, if it differs from the page's. */
export async function speak(language?: string): Promise<void> {
  // The page stays in the language that the browser requested.
  if (language && language !== root.lang) await change(language).catch(() => {});
}

/** Loads the texts of errands, in the language of the job. */
export async function speakOfErrands(language = root.lang): Promise<void> {
  await change(language).catch(() => Promise.reject(new BindError('network')));
}

/** The remedy for a refused passkey, by reason; undefined if there is none, or the texts cannot be loaded. */
export async function remedy(reason: string): Promise<string | undefined> {
  const name = nameOfRemedy(reason);
  return name && load(root.lang).then(({ remedies }) => remedies[name as Remedy], () => undefined);
}

function nameOfRemedy(reason: string): string {
  if (/^aaguid_|_untrusted$|_unknown$|_too_low$/.test(reason)) return 'model';
  return /^attestation_.*(expired|invalid|not_supported)$/.test(reason) ? 'unproven' : reason.replace(/-/g, '_');
}

label();
