// The texts of errors in the user's language: a separate module, which loads only one language.

import type { BindError, BindErrorCode } from './error.js';

/** A text for each code. */
export type ErrorMessages = Record<BindErrorCode, string>;

const loaders: Record<string, () => Promise<{ default: ErrorMessages }>> = {
  en: () => import('./messages/en.js'),
  de: () => import('./messages/de.js'),
  fr: () => import('./messages/fr.js'),
  es: () => import('./messages/es.js'),
  'pt-BR': () => import('./messages/pt-BR.js'),
  it: () => import('./messages/it.js'),
  nl: () => import('./messages/nl.js'),
  pl: () => import('./messages/pl.js'),
  ja: () => import('./messages/ja.js'),
  'zh-Hans': () => import('./messages/zh-Hans.js'),
  ko: () => import('./messages/ko.js'),
  ar: () => import('./messages/ar.js'),
};

/** The languages that errors have texts in (RFC 5646). */
export const errorLanguages: readonly string[] = Object.keys(loaders);

/** The first of these languages that errors have texts in, such as `pt-BR` for `pt_PT`; English if there is none. */
export function errorLanguage(languages: readonly string[] = navigator.languages): string {
  for (const tag of languages) {
    const [primary = '', ...rest] = tag.toLowerCase().split(/[-_]/);
    const known = errorLanguages.find((language) => language.split('-')[0] === primary);
    // Traditional characters are not simplified ones.
    const traditional = !rest.includes('hans') && rest.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part));
    if (known && !(primary === 'zh' && traditional)) return known;
  }
  return 'en';
}

/**
 * What to say to the user about an error, in the first of these languages that there is a text in; the default is the
 * browser's languages. Loads the texts of that language when first called.
 */
export async function errorMessage({ code }: Pick<BindError, 'code'>, languages?: readonly string[]): Promise<string> {
  const { default: messages } = await loaders[errorLanguage(languages)]!();
  return messages[code];
}
