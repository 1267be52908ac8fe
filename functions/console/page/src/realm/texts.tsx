// The realm's own texts in mails and on the page, one language at a time.

import { useState } from 'preact/hooks';

import type { Realm } from '../api.ts';
import { Field } from '../parts.tsx';
import { LANGUAGES, nameOf } from './languages.ts';
import { W } from '../words.ts';

type Own = Realm['texts'][number];

export function Texts({ realm, change }: { realm: Realm; change: (part: Partial<Realm>) => void }) {
  const [locale, setLocale] = useState('en');
  const own: Own = realm.texts.find((texts) => texts.locale === locale) ?? { locale, name: '', intro: '', help: '' };
  const set = (part: Partial<Own>) => change({ texts: [...realm.texts.filter((texts) => texts.locale !== locale), { ...own, ...part }] });
  return (
    <section class="card">
      <h2>{W.realm.texts}</h2>
      <p class="hint">{W.realm.textsText}</p>
      <Field label={W.realm.textsLanguage}>{(id) => (
        <select id={id} value={locale} onChange={({ currentTarget }) => setLocale(currentTarget.value)}>
          {LANGUAGES.map((tag) => <option key={tag} value={tag}>{nameOf(tag)}</option>)}
        </select>
      )}</Field>
      <Field label={W.realm.ownName}>{(id) => <input id={id} dir="auto" maxLength={64} value={own.name} placeholder={realm.display_name} onInput={({ currentTarget }) => set({ name: currentTarget.value })} />}</Field>
      <Field label={W.realm.ownIntro}>{(id) => <textarea id={id} dir="auto" rows={3} maxLength={400} value={own.intro} onInput={({ currentTarget }) => set({ intro: currentTarget.value.replace(/\s*\n\s*/g, ' ') })} />}</Field>
      <Field label={W.realm.ownHelp}>{(id) => <input id={id} dir="auto" maxLength={200} value={own.help} onInput={({ currentTarget }) => set({ help: currentTarget.value })} />}</Field>
    </section>
  );
}
