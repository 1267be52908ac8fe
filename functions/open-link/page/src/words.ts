// Everything that the page says, in the language in which it was served: an element of the page holds it as JSON.

import { $ } from './dom.js';
import type * as english from './words/en.js';

export interface Words {
  /** The title of the window, too. */
  heading: string;
  lead: string;
  note?: string;
  progress?: string;
}

export type State = keyof typeof english.states;

/** What each language has. */
export interface Localized {
  fixed: Record<keyof typeof english.fixed, string>;
  text: Record<keyof typeof english.text, string>;
  states: Record<State, Words>;
  other: Record<keyof typeof english.other, Partial<Words>>;
  remedies: Record<keyof typeof english.remedies, string>;
}

export const { text, states, other, remedies }: Omit<Localized, 'fixed'> = JSON.parse($('words').textContent!);
