// A new batch: a list of people, what would happen with each of them, and then the batch itself.

import { useRef, useState } from 'preact/hooks';

import { Action } from '../allowed.tsx';
import { batchesPath, call, page, Problem, realmPath, type Batch, type Config, type Place, type Realm } from '../api.ts';
import { lifetime } from '../durations.ts';
import { problemOf, useLive } from '../live.ts';
import { LIVES } from '../jobs/create.tsx';
import { Field, Heading, Shown, Trouble } from '../parts.tsx';
import { edited, go, inRealm, Link, useUnsaved } from '../router.tsx';
import { W } from '../words.ts';
import { Plan, Unknown } from './plan.tsx';
import { listOf } from './recipients.ts';
import { bodyOf, LARGEST, settingsOf, unknownIn, type Draft } from './settings.ts';

const C = W.campaigns;

interface Choices {
  configs: Config[];
  realm?: Realm;
}

export function CreateBatch({ place }: { place: Place }) {
  const choices = useLive(`batch choices ${place.tenant} ${place.realm}`, async (signal): Promise<Choices> => {
    const [configs, realm] = await Promise.all([
      page<Config>(`${realmPath(place)}/authenticator-configs`, 'authenticator_configs', { page_size: '200' }, signal),
      call<Realm>(realmPath(place), { signal }).catch(() => undefined),
    ]);
    return { configs: configs.items, ...(realm && { realm }) };
  }, 0);
  return (
    <>
      <p class="crumbs"><Link to={inRealm(place, 'campaigns')}>{C.title}</Link></p>
      <Heading>{C.create}</Heading>
      <p class="lead">{C.createText}</p>
      <Shown of={choices}>{(choices) => <Form place={place} choices={choices} />}</Shown>
    </>
  );
}

interface Tried {
  /** The settings that were tried. */
  settings: string;
  plan?: Batch;
  problem?: Problem;
}

function Form({ place, choices: { configs, realm } }: { place: Place; choices: Choices }) {
  const [draft, setDraft] = useState<Draft>({
    list: '', config: configs[0]?.id ?? '', pace: '', start: '', life: '', redirect: '', enrolled: 'skip', pending: 'skip',
    quiet: false, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, from: '20:00', to: '08:00', reminders: '',
  });
  const [tried, setTried] = useState<Tried>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const key = useRef(['', '']);
  const list = listOf(draft.list);
  const count = list.recipients.length;
  const settings = settingsOf(draft, list.recipients.map(({ id }) => id));
  const now = JSON.stringify(settings);
  const set = (part: Partial<Draft>) => setDraft((draft) => ({ ...draft, ...part }));
  useUnsaved(draft.list.trim() !== '');
  const send = async <T,>(dry: boolean): Promise<T> => {
    // The same settings twice are one batch, whatever the network does.
    if (key.current[0] !== now) key.current = [now, crypto.randomUUID()];
    const headers: Record<string, string> = dry ? {} : { 'idempotency-key': key.current[1] ?? '' };
    return call<T>(batchesPath(place), { method: 'POST', body: bodyOf(settings, dry), headers });
  };
  const attempt = async (steps: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    await steps().catch((error: unknown) => setProblem(problemOf(error)));
    setBusy(false);
  };
  const dryRun = (event: Event) => {
    event.preventDefault();
    void attempt(async () => setTried(await send<Batch>(true).then(
      (plan): Tried => ({ settings: now, plan }), (error: unknown): Tried => ({ settings: now, problem: problemOf(error) }),
    )));
  };
  const create = () => attempt(async () => {
    const { id } = await send<Batch>(false);
    edited();
    go(inRealm(place, 'campaigns', id ?? ''));
  });
  const read = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (file) set({ list: await file.text() });
    input.value = '';
  };
  const current = tried?.settings === now ? tried : undefined;
  const unknown = current?.problem ? unknownIn(current.problem.fields, list.recipients) : [];
  const leaveOut = () => set({ list: list.recipients.filter((one) => !unknown.includes(one)).map(({ id }) => id).join('\n') });
  const lives = LIVES.filter((seconds) => seconds <= (realm?.link_lifetime.max_seconds ?? Infinity));
  const text = (name: 'pace' | 'start' | 'zone' | 'from' | 'to' | 'reminders', label: string, type: 'number' | 'datetime-local' | 'text' | 'time', hint?: string) => (
    <Field label={label} {...(hint && { hint })}>{(id) => <input id={id} type={type as 'text'} min={type === 'number' ? 1 : undefined} value={draft[name]} spellcheck={false} onInput={({ currentTarget }) => set({ [name]: currentTarget.value })} />}</Field>
  );
  return (
    <form class="columns" onSubmit={dryRun}>
      <div class="stack">
        <section class="card">
          <Field label={C.list} hint={C.listHint}>{(id) => (
            <textarea id={id} class="code" rows={9} required spellcheck={false} value={draft.list} placeholder={'ada\ngrace'} onInput={({ currentTarget }) => set({ list: currentTarget.value })} />
          )}</Field>
          <div class="file">
            <label class="button">{C.file}<input class="visually-hidden" type="file" accept=".csv,.txt,text/csv,text/plain" onChange={({ currentTarget }) => read(currentTarget)} /></label>
            <span role="status" class={count > LARGEST ? 'error' : 'fine'}>
              {C.found(count, list.column)}{list.repeated.length > 0 && <> {C.repeated(list.repeated.length)}</>}{count > LARGEST && <> {C.tooMany(LARGEST)}</>}
            </span>
          </div>
        </section>
        <section class="card">
          <h2>{C.settings}</h2>
          <Field label={W.create.config}>{(id) => (
            <select id={id} required value={draft.config} onChange={({ currentTarget }) => set({ config: currentTarget.value })}>
              {configs.map(({ id, display_name: name }) => <option key={id} value={id}>{name} ({id})</option>)}
            </select>
          )}</Field>
          <div class="pair">
            {text('pace', C.paceLabel, 'number', `${W.optional} ${C.paceHint}`)}
            {text('start', C.start, 'datetime-local', `${W.optional} ${C.startHint}`)}
            <Field label={W.create.expires}>{(id) => (
              <select id={id} value={draft.life} onChange={({ currentTarget }) => set({ life: currentTarget.value })}>
                <option value="">{W.create.usual}{realm && ` (${lifetime(realm.link_lifetime.default_seconds)})`}</option>
                {lives.map((seconds) => <option key={seconds} value={seconds}>{lifetime(seconds)}</option>)}
              </select>
            )}</Field>
            <Field label={W.create.redirect}>{(id) => (
              <select id={id} value={draft.redirect} onChange={({ currentTarget }) => set({ redirect: currentTarget.value })}>
                <option value="">{W.create.noRedirect}</option>
                {realm?.post_binding_redirect_uris.map((uri) => <option key={uri} value={uri}>{uri}</option>)}
              </select>
            )}</Field>
            <Field label={C.enrolled}>{(id) => (
              <select id={id} value={draft.enrolled} onChange={({ currentTarget }) => set({ enrolled: currentTarget.value as Draft['enrolled'] })}>
                {Object.entries(C.onEnrolled).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
              </select>
            )}</Field>
            <Field label={C.pending}>{(id) => (
              <select id={id} value={draft.pending} onChange={({ currentTarget }) => set({ pending: currentTarget.value as Draft['pending'] })}>
                {Object.entries(C.onPending).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
              </select>
            )}</Field>
          </div>
          {text('reminders', C.remindersLabel, 'text', `${W.optional} ${C.remindersHint}`)}
          <label class="check"><input type="checkbox" checked={draft.quiet} onChange={({ currentTarget }) => set({ quiet: currentTarget.checked })} />{C.quietLabel}</label>
          {draft.quiet && <div class="pair after">{text('from', C.from, 'time')}{text('to', C.to, 'time')}{text('zone', C.zone, 'text', C.zoneHint)}</div>}
        </section>
      </div>
      <section class="card plan summary" aria-live="polite">
        <h2>{C.dryRun}</h2>
        {!current && <p class="hint">{tried ? C.dryRunChanged : C.dryRunText}</p>}
        {current?.plan && <Plan place={place} plan={current.plan} />}
        {unknown.length > 0
          ? <Unknown ids={unknown} leaveOut={leaveOut} />
          : current?.problem && <Trouble problem={current.problem} />}
        {problem && <Trouble problem={problem} />}
        <div class="buttons">
          <Action needs="credential-binding-jobs:create" type="submit" class={current?.plan ? '' : 'first'} disabled={busy || count === 0 || count > LARGEST}>{C.check}</Action>
          {current?.plan && <Action needs="credential-binding-jobs:create" class="first" disabled={busy} onClick={create}>{C.go(count)}</Action>}
        </div>
      </section>
    </form>
  );
}
