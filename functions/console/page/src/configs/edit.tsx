// A new config, a copy of one, or the next version of one: by a form or as JSON, with the changes shown before they are saved.

import { useRef, useState } from 'preact/hooks';

import { Action } from '../allowed.tsx';
import { call, realmPath, type Config, type Place, type Problem } from '../api.ts';
import { problemOf, useLive } from '../live.ts';
import { Heading, Shown, Trouble } from '../parts.tsx';
import { edited, go, inRealm, Link, useAddress, useUnsaved } from '../router.tsx';
import { W } from '../words.ts';
import { differences, draftOf, NEW, patchOf, read, type Draft } from './draft.ts';
import { Fields } from './form.tsx';
import { configPath } from './list.tsx';
import { Policy } from './policy.tsx';

const C = W.configs;

export function EditConfig({ place, id }: { place: Place; id: string }) {
  const from = useAddress().searchParams.get('from');
  const isNew = id === '-';
  const source = isNew ? from : id;
  const config = useLive(`config ${source}`, async (signal) => (source === null ? undefined : call<Config>(configPath(place, source), { signal })), 0);
  return (
    <>
      <p class="crumbs"><Link to={inRealm(place, 'configs')}>{C.title}</Link></p>
      <Heading>{isNew ? C.create : C.editTitle}</Heading>
      {source === null ? <Editor place={place} start={NEW} /> : (
        <Shown of={config}>{(config) => config && (isNew
          ? <Editor place={place} start={{ ...draftOf(config), display_name: C.copyOf(config.display_name) }} />
          : <Editor key={config.version} place={place} start={draftOf(config)} config={config} />)}
        </Shown>
      )}
    </>
  );
}

function Editor({ place, start, config }: { place: Place; start: Draft; config?: Config }) {
  const [draft, setDraft] = useState(start);
  // The text of the JSON tab while it is open.
  const [text, setText] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const invalid = text === undefined ? undefined : read(text);
  const error = typeof invalid === 'string' ? invalid : undefined;
  const changes = differences(start, draft);
  useUnsaved(changes.length > 0 || error !== undefined);
  const type = (text: string) => {
    setText(text);
    const draft = read(text);
    if (typeof draft !== 'string') setDraft(draft);
  };
  const save = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      if (config) await call(configPath(place, config.id), { method: 'PATCH', body: { authenticator_config: patchOf(start, draft) } });
      else await call(`${realmPath(place)}/authenticator-configs`, { method: 'POST', body: { authenticator_config: draft } });
      edited();
      go(inRealm(place, 'configs'));
    } catch (error) {
      dialog.current?.close();
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (config) dialog.current?.showModal();
    else void save();
  };
  const tab = (name: string, open: boolean, show: () => void) => (
    <button type="button" role="tab" aria-selected={open} aria-controls="config-panel" onClick={show} disabled={error !== undefined && !open}>{name}</button>
  );
  return (
    <>
      <form class="editor" onSubmit={submit}>
        <div class="stack">
          <div class="tabs" role="tablist" aria-label={C.tabs}>
            {tab(C.form, text === undefined, () => setText(undefined))}
            {tab(C.json, text !== undefined, () => setText(JSON.stringify(draft, null, 2)))}
          </div>
          <div id="config-panel" role="tabpanel" class="stack">
            {text === undefined ? <Fields draft={draft} change={setDraft} /> : (
              <section class="card">
                <textarea class="code" rows={28} aria-label={C.json} aria-invalid={error !== undefined} spellcheck={false} value={text} onInput={({ currentTarget }) => type(currentTarget.value)} />
                {error && <p class="error" role="alert">{C.badJson}: {error}</p>}
              </section>
            )}
          </div>
          {problem && <Trouble problem={problem} />}
          <div class="buttons">
            {config && changes.length === 0 && <span class="fine">{C.unchanged}</span>}
            <Link class="button" to={inRealm(place, 'configs')}>{W.cancel}</Link>
            <Action needs={config ? 'authenticator-configs:update' : 'authenticator-configs:create'} type="submit" class="first" disabled={busy || error !== undefined || (config !== undefined && changes.length === 0)}>
              {config ? C.review : C.create}
            </Action>
          </div>
        </div>
        <section class="card summary" aria-label={C.summary}><h2>{C.summary}</h2><Policy of={draft.passkey_policy} /></section>
      </form>
      {config && (
        <dialog ref={dialog} class="wide" aria-labelledby="config-changes">
          <h2 id="config-changes">{C.changes}</h2>
          <p>{C.newVersion(config.version + 1)}</p>
          <dl class="changes">{changes.map(({ path, before, after }) => (
            <div key={path}><dt><code>{path}</code></dt><dd>{before !== undefined && <del>{show(before)}</del>}{after !== undefined ? <ins>{show(after)}</ins> : <span class="fine">{C.toDefault}</span>}</dd></div>
          ))}</dl>
          <div class="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>{W.cancel}</button>
            <button type="button" class="first" disabled={busy} onClick={save}>{C.saveVersion(config.version + 1)}</button>
          </div>
        </dialog>
      )}
    </>
  );
}

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 1));
