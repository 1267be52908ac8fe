// The catalogues in shared/messages: every language has the messages, attributes and variables of the English one.

import { readdir, readFile } from 'node:fs/promises';

import { FluentSerializer, Identifier, Message, Visitor } from '@fluent/syntax';
import { describe, expect, test } from 'vitest';

import { LANGUAGES, errors, messages, page } from '../messages.mjs';
import { errorLanguage, errorLanguages, errorMessage } from '../src/messages.js';

const KINDS = ['page', 'mail', 'sdk'];
const folder = new URL('../../messages/', import.meta.url);

/** The references of a pattern, with the categories of each of its choices. */
class References extends Visitor {
  variables = new Set<string>();
  choices: string[][] = [];
  other = new Set<string>();

  override visitVariableReference({ id }: { id: { name: string } }): void {
    this.variables.add(id.name);
  }

  override visitSelectExpression(node: any): void {
    this.choices.push(node.variants.map(({ key }: any) => `${key.name ?? key.value}`));
    this.genericVisit(node);
  }

  override visitFunctionReference({ id }: any): void {
    this.other.add(id.name);
  }
}

/** Each text of a catalogue by its name, `id` or `id.attribute`. */
function texts(language: string, kind: string): Map<string, any> {
  const all = messages(language, kind).flatMap(({ id, value, attributes }: any) => [
    ...(value ? [[id.name, value]] : []),
    ...attributes.map((attribute: any) => [`${id.name}.${attribute.id.name}`, attribute.value]),
  ]);
  expect(new Set(all.map(([name]: [string]) => name)).size, 'no message twice').toBe(all.length);
  return new Map(all);
}

function references(pattern: any): References {
  const found = new References();
  found.visit(pattern);
  return found;
}

test('there is a folder for each language and no other', async () => {
  const folders = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...LANGUAGES].sort());
  const rust = await readFile(new URL('../../binding/src/language.rs', import.meta.url), 'utf8');
  expect([...rust.matchAll(/Self::\w+ => "([\w-]+)",/g)].map(([, tag]) => tag)).toEqual(LANGUAGES);
  expect(errorLanguages).toEqual(LANGUAGES);
});

describe.each(LANGUAGES)('%s', (language) => {
  test.each(KINDS)('%s.ftl has the messages and variables of the English one', (kind) => {
    const [english, translated] = [texts('en', kind), texts(language, kind)];
    expect([...translated.keys()]).toEqual([...english.keys()]);
    for (const [name, pattern] of translated) {
      const [theirs, ours] = [references(english.get(name)), references(pattern)];
      expect([...ours.variables].sort(), name).toEqual([...theirs.variables].sort());
      expect([...ours.other], name).toEqual([]);
    }
  });

  test('a choice by number has the plural categories of the language', () => {
    const rules = new Intl.PluralRules(language);
    const categories = new Set(['other', ...Array.from({ length: 1000 }, (_, count) => rules.select(count))]);
    const named = /^mail-month$/;
    for (const [name, pattern] of texts(language, 'mail')) {
      for (const choice of references(pattern).choices) {
        if (named.test(name)) expect(choice).toEqual(Array.from({ length: 12 }, (_, month) => `${month + 1}`));
        else expect([...choice].sort(), name).toEqual([...categories].sort());
      }
    }
  });

  // A translation that was forgotten is English. A few words are the same in both.
  test('is translated', () => {
    if (language === 'en') return;
    const serialize = new FluentSerializer();
    let same = 0;
    let all = 0;
    for (const kind of KINDS) {
      const [english, translated] = [texts('en', kind), texts(language, kind)];
      for (const [name, pattern] of translated) {
        const text = (value: any) => serialize.serializeEntry(new Message(new Identifier('x'), value));
        all += 1;
        if (text(pattern) === text(english.get(name))) same += 1;
      }
    }
    expect(same / all).toBeLessThan(0.03);
  });

  // The direction of text is decided by the element or by `isolated` around each value, never by marks in a text.
  test('has no invisible characters, straight quotation marks or markup', () => {
    for (const kind of KINDS) {
      for (const line of JSON.stringify([...texts(language, kind).values()]).split('\\n')) {
        expect(line).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]|<[a-z/]|https?:/i);
      }
      const words = JSON.stringify(kind === 'page' ? page(language) : kind === 'sdk' ? errors(language) : {});
      expect(words).not.toMatch(/\w'\w/);
    }
  });
});

test('the texts of errors are for every code, in the language that somebody speaks', async () => {
  for (const [tags, expected] of [
    [['de-CH', 'en'], 'de'],
    [['sv', 'pt_PT'], 'pt-BR'],
    [['zh-TW', 'ko'], 'ko'],
    [['zh-CN'], 'zh-Hans'],
    [['zh-Hans-HK'], 'zh-Hans'],
    [['ar-EG'], 'ar'],
    [['sv'], 'en'],
    [[], 'en'],
  ] as const) expect(errorLanguage(tags), `${tags}`).toBe(expected);
  const source = await readFile(new URL('../src/error.ts', import.meta.url), 'utf8');
  const [, union = ''] = /export type BindErrorCode =(.*?)\n\n/s.exec(source) ?? [];
  const codes = [...union.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(10);
  for (const language of LANGUAGES) expect(Object.keys(errors(language)).sort(), language).toEqual([...codes].sort());
  expect(await errorMessage({ code: 'expired' }, ['de'])).toBe(errors('de')['expired']);
});
