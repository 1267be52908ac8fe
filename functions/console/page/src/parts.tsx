// Small things that many pages are made of.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

import { Action } from './allowed.tsx';
import { Problem, type State } from './api.ts';
import { problemOf } from './live.ts';
import { STATES, W } from './words.ts';

export function Heading({ children, aside }: { children: ComponentChildren; aside?: ComponentChildren }) {
  const text = typeof children === 'string' ? children : W.product;
  useEffect(() => {
    document.title = `${text} · ${W.product}`;
  }, [text]);
  return <header class="heading"><h1 tabIndex={-1}>{children}</h1>{aside && <div class="aside">{aside}</div>}</header>;
}

export function Badge({ state }: { state: State }) {
  return <span class="badge" data-state={state}>{STATES[state]?.name ?? state}</span>;
}

export function Loading() {
  return <div class="loading" role="status"><span class="visually-hidden">{W.loading}</span><i /><i /><i /></div>;
}

export function Empty({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return <div class="empty"><h2>{title}</h2><p>{text}</p>{children}</div>;
}

/** A problem in the server's own words. */
export function Trouble({ problem, again }: { problem: Problem; again?: () => void }) {
  const forbidden = problem.status === 403;
  return (
    <div class="trouble" role="alert" data-status={problem.status}>
      <h2>{forbidden ? W.forbidden.title : problem.title}</h2>
      <p>{problem.detail}</p>
      {forbidden && <p>{W.forbidden.text}</p>}
      {problem.fields.length > 0 && (
        <ul>{problem.fields.map(({ field, description }) => <li key={field}><code>{field}</code> {description}</li>)}</ul>
      )}
      {problem.requestId && <p class="fine">{W.requestId} <code>{problem.requestId}</code></p>}
      {again && <button type="button" onClick={again}>{W.retry}</button>}
    </div>
  );
}

/** What to show of something that is asked for: itself, its trouble, or that it is on its way. */
export function Shown<T>({ of, children }: { of: { value?: T; problem?: Problem; again: () => void }; children: (value: T) => ComponentChildren }) {
  const trouble = of.problem && <Trouble problem={of.problem} again={of.again} />;
  if (of.value === undefined) return <>{trouble ?? <Loading />}</>;
  return <>{trouble}{children(of.value)}</>;
}

export function Copy({ text, label = W.copy }: { text: string; label?: string }) {
  const [outcome, setOutcome] = useState('');
  const copy = async () => {
    // Browsers refuse it without permission, and outside a secure context.
    setOutcome(await Promise.resolve().then(() => navigator.clipboard.writeText(text)).then(() => W.copied, () => W.notCopied));
    setTimeout(() => setOutcome(''), 3000);
  };
  return <button type="button" class="small" onClick={copy} aria-live="polite">{outcome || label}</button>;
}

/** A button that asks first: with `word`, for that word to be typed. */
export function Confirmed({ label, title, text, act, needs, word = '', danger = false, children }: {
  label: string; title: string; text: string; act: () => Promise<unknown>; needs: string; word?: string; danger?: boolean; children?: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [typed, setTyped] = useState('');
  const go = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      dialog.current?.close();
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  const open = () => {
    setProblem(undefined);
    setTyped('');
    dialog.current?.showModal();
  };
  return (
    <>
      <Action needs={needs} class={danger ? 'danger' : ''} onClick={open}>{label}</Action>
      <dialog ref={dialog} aria-labelledby={id}>
        <form onSubmit={go}>
          <h2 id={id}>{title}</h2>
          <p>{text}</p>
          {children}
          {word && <Field label={W.typeToConfirm(word)}>{(id) => <input id={id} value={typed} autocomplete="off" spellcheck={false} onInput={({ currentTarget }) => setTyped(currentTarget.value)} />}</Field>}
          {problem && <Trouble problem={problem} />}
          <div class="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>{W.cancel}</button>
            <button type="submit" class={danger ? 'danger solid' : 'first'} disabled={busy || (word !== '' && typed !== word)}>{label}</button>
          </div>
        </form>
      </dialog>
    </>
  );
}

export function Field({ label, hint, children }: { label: string; hint?: string; children: (id: string) => ComponentChildren }) {
  const id = useId();
  return <div class="field"><label for={id}>{label}</label>{children(id)}{hint && <p class="hint">{hint}</p>}</div>;
}

export function Facts({ of }: { of: [string, ComponentChildren][] }) {
  return <dl class="facts">{of.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

const FORMAT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
export function Time({ at }: { at: string }) {
  const time = new Date(at);
  return <time dateTime={at}>{Number.isNaN(time.getTime()) ? at : FORMAT.format(time)}</time>;
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
/** A time in a column: the day, and the whole of it as a tooltip. */
export function Day({ at }: { at: string }) {
  const time = new Date(at);
  return <time dateTime={at} title={Number.isNaN(time.getTime()) ? at : FORMAT.format(time)}>{Number.isNaN(time.getTime()) ? at : DAY.format(time)}</time>;
}
