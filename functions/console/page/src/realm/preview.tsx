// The realm's mails and page as users would see them, with settings that are not saved yet. Mails are rendered by the code
// that renders sent ones, and the page is the hosted page itself. And a test mail.

import { useEffect, useRef, useState } from 'preact/hooks';

import type { JobState, MailKind, MailPreview, Preview as PagePreview } from '../../../../../shared/sdk/src/wire.ts';
import { Action } from '../allowed.tsx';
import { call, realmPath, type Place, type Problem, type Realm } from '../api.ts';
import { problemOf, useLive } from '../live.ts';
import { Field, Shown, Trouble } from '../parts.tsx';
import { LANGUAGES, nameOf } from './languages.ts';
import { W } from '../words.ts';

/** How long after the last change the preview is requested again, in milliseconds. */
const pause = 500;

export function Preview({ place, realm }: { place: Place; realm: Realm }) {
  const [shown, setShown] = useState<MailKind | PageState>('INVITATION');
  const [locale, setLocale] = useState('en');
  const now = JSON.stringify(realm);
  const [settings, setSettings] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => setSettings(now), pause);
    return () => clearTimeout(timer);
  }, [now]);
  const wanted = { locale, realm: JSON.parse(settings) as Realm };
  return (
    <section class="card preview" aria-label={W.realm.preview}>
      <h2>{W.realm.preview}</h2>
      <div class="pair">
        <Field label={W.realm.shown}>{(id) => (
          <select id={id} value={shown} onChange={({ currentTarget }) => setShown(currentTarget.value as MailKind | PageState)}>
            {[[W.realm.mail, W.realm.kinds], [W.realm.page, W.realm.pages]].map(([title, choices]) => (
              <optgroup key={title as string} label={title as string}>
                {Object.entries(choices as object).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
              </optgroup>
            ))}
          </select>
        )}</Field>
        <Field label={W.realm.language}>{(id) => (
          <select id={id} value={locale} onChange={({ currentTarget }) => setLocale(currentTarget.value)}>
            {LANGUAGES.map((tag) => <option key={tag} value={tag}>{nameOf(tag)}</option>)}
          </select>
        )}</Field>
      </div>
      {shown in W.realm.kinds
        ? <Mail place={place} wanted={{ ...wanted, kind: shown as MailKind }} />
        : <Page place={place} wanted={{ ...wanted, state: shown as PageState }} />}
    </section>
  );
}

type PageState = JobState & keyof typeof W.realm.pages;

interface Wanted {
  locale: string;
  realm: Realm;
}

function Mail({ place, wanted }: { place: Place; wanted: Wanted & { kind: MailKind } }) {
  const mail = useLive(`mail ${place.tenant} ${place.realm} ${JSON.stringify(wanted)}`, (signal) =>
    call<MailPreview>(`${realmPath(place)}:previewMail`, { method: 'POST', body: { preview: wanted }, signal }), 0);
  return (
    <>
      <Shown of={mail}>{(mail) => (
        <>
          <p><b>{W.realm.from}</b> <bdi>{mail.from_name}</bdi></p>
          <p><b>{W.realm.subjectLine}</b> <bdi>{mail.subject}</bdi></p>
          <Stage html={mail.html} />
          <details><summary>{W.realm.plainText}</summary><pre dir="auto">{mail.text}</pre></details>
        </>
      )}</Shown>
      <Test place={place} wanted={wanted} />
    </>
  );
}

/** The hosted page in a frame. It gets what it would get for a link, and sends nothing. */
function Page({ place, wanted }: { place: Place; wanted: Wanted & { state: PageState } }) {
  const preview = useLive(`page ${place.tenant} ${place.realm} ${JSON.stringify(wanted)}`, (signal) =>
    call<PagePreview>(`${realmPath(place)}:previewPage`, { method: 'POST', body: { preview: wanted }, signal }), 0);
  return (
    <Shown of={preview}>{(preview) => (
      // Another frame for other settings: the page does not take back what it has shown.
      <iframe key={JSON.stringify(preview)} class="stage page" src={`/bind/preview/${preview.locale}`} sandbox="allow-scripts" title={W.realm.page}
        onLoad={({ currentTarget }) => currentTarget.contentWindow?.postMessage(preview, '*')} />
    )}</Shown>
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
