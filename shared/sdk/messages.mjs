// Reads the catalogues in shared/messages (Fluent) and makes of them what the hosted page and the SDK carry: plain data, so
// that neither needs a Fluent runtime.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { FluentParser } from '@fluent/syntax';

/** The languages, by the names of their folders. `binding::language` has the same. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt-BR', 'it', 'nl', 'pl', 'ja', 'zh-Hans', 'ko', 'ar'];

const parser = new FluentParser({ withSpans: false });

/** The messages of a catalogue as Fluent's syntax tree, without comments. What cannot be parsed is an error. */
export function messages(language, kind) {
  const name = `../messages/${language}/${kind}.ftl`;
  const { body } = parser.parse(readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8'));
  const junk = body.find(({ type }) => type === 'Junk');
  if (junk) throw new Error(`${name}: ${junk.annotations[0]?.message}: ${junk.content}`);
  return body.filter(({ type }) => type === 'Message');
}

/** A pattern with its variables in braces: `Hello {name}`. Nothing but text, variables and strings can be in it. */
function plain({ elements }) {
  return elements.map(({ type, value, expression }) => {
    if (type === 'TextElement') return value;
    if (expression.type === 'VariableReference') return `{${expression.id.name}}`;
    if (expression.type === 'StringLiteral') return expression.value;
    throw new Error(`the page and the SDK have no ${expression.type}`);
  }).join('');
}

/** The groups of the hosted page's texts, in the order in which they are in its files. */
const GROUPS = ['fixed', 'text', 'state', 'other', 'errand', 'remedy'];

/** The texts of the hosted page, by group and name. A text is a list of its parts: heading, lead and note, or just one. */
export function page(language) {
  const groups = Object.fromEntries(GROUPS.map((group) => [group, {}]));
  for (const { id, value, attributes } of messages(language, 'page')) {
    const [, group, name] = /^page-(\w+?)-(.+)$/.exec(id.name);
    const part = (wanted) => attributes.find((attribute) => attribute.id.name === wanted);
    const parts = [value ? plain(value) : '', ...['lead', 'note'].filter(part).map((wanted) => plain(part(wanted).value))];
    if (parts.some((text) => /[|\n<]/.test(text))) throw new Error(`${id.name} has a character that separates texts`);
    groups[group][name] = parts;
  }
  return groups;
}

/** The same as a file: a line for each text, an empty line between groups. Without the names twice it is smaller than JSON. */
export function pageFile(language) {
  const groups = Object.values(page(language));
  return groups.map((texts) => Object.entries(texts).map(([name, parts]) => [name, ...parts].join('|')).join('\n')).join('\n\n');
}

/** The texts of the SDK's errors, by code. */
export function errors(language) {
  return Object.fromEntries(messages(language, 'sdk').map(({ id, value }) => [id.name.replace(/^sdk-/, ''), plain(value)]));
}
