// The realm's mails as they would be sent, with settings that are not saved yet: rendered by the function that has the code
// of the one that sends them. And a test mail.

import { useEffect, useRef, useState } from 'preact/hooks';

import type { MailKind, MailPreview } from '../../../../../shared/sdk/src/wire.ts';
import { Action } from '../allowed.tsx';
import { call, realmPath, type Place, type Problem, type Realm } from '../api.ts';
import { problemOf, useLive } from '../live.ts';
import { Field, Shown, Trouble } from '../parts.tsx';
import { LANGUAGES, nameOf } from './languages.ts';
import { W } from '../words.ts';

/** How long after the last change the preview is requested again, in milliseconds. */
const pause = 500;

export function Preview({ place, realm }: { place: Place; realm: Realm }) {
  const [kind, setKind] = useState<MailKind>('INVITATION');
  const [locale, setLocale] = useState('en');
  const now = JSON.stringify(realm);
  const [settings, setSettings] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => setSettings(now), pause);
    return () => clearTimeout(timer);
  }, [now]);
  const wanted = { kind, locale, realm: JSON.parse(settings) as Realm };
  const mail = useLive(`preview ${place.tenant} ${place.realm} ${kind} ${locale} ${settings}`, (signal) =>
    call<MailPreview>(`${realmPath(place)}:previewMail`, { method: 'POST', body: { preview: wanted }, signal }), 0);
  return (
    <section class="card preview" aria-label={W.realm.preview}>
      <h2>{W.realm.preview}</h2>
      <div class="pair">
        <Field label={W.realm.kind}>{(id) => (
          <select id={id} value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value as MailKind)}>
            {Object.entries(W.realm.kinds).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
          </select>
        )}</Field>
        <Field label={W.realm.language}>{(id) => (
          <select id={id} value={locale} onChange={({ currentTarget }) => setLocale(currentTarget.value)}>
            {LANGUAGES.map((tag) => <option key={tag} value={tag}>{nameOf(tag)}</option>)}
          </select>
        )}</Field>
      </div>
      <Shown of={mail}>{(mail) => (
        <>
          <p><b>{W.realm.from}</b> <bdi>{mail.from_name}</bdi></p>
          <p><b>{W.realm.subjectLine}</b> <bdi>{mail.subject}</bdi></p>
          <Stage html={mail.html} />
          <details><summary>{W.realm.plainText}</summary><pre dir="auto">{mail.text}</pre></details>
        </>
      )}</Shown>
      <Test place={place} wanted={wanted} />
    </section>
  );
}

/** The mail in a frame without any rights, whose document allows inline styles and images and nothing else. */
function Stage({ html }: { html: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const show = () => frame.current?.contentWindow?.postMessage(html, '*');
  useEffect(show, [html]);
  return <iframe ref={frame} class="stage" src="/console/mail" sandbox="allow-scripts" title={W.realm.mail} onLoad={show} />;
}

function Test({ place, wanted }: { place: Place; wanted: object }) {
  const [to, setTo] = useState('');
  const [sent, setSent] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const send = async () => {
    setSent('');
    setProblem(undefined);
    try {
      await call(`${realmPath(place)}:sendTestMail`, { method: 'POST', body: { test_mail: { ...wanted, to } } });
      setSent(to);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <>
      <Field label={W.realm.testTo}>{(id) => <input id={id} type="email" value={to} onInput={({ currentTarget }) => setTo(currentTarget.value)} />}</Field>
      {problem && <Trouble problem={problem} />}
      <div class="buttons"><span role="status">{sent && W.realm.testSent(sent)}</span><Action needs="realms:update" disabled={!to} onClick={send}>{W.realm.test}</Action></div>
    </>
  );
}
