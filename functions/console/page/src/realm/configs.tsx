// Authenticator configs: where passkeys are made, and what is wanted of them.

import { useState } from 'preact/hooks';

import { call, page, realmPath, type Config, type Place, type Problem } from '../api.ts';
import { problemOf, useLive } from '../live.ts';
import { Empty, Facts, Field, Heading, Shown, Time, Trouble } from '../parts.tsx';
import { W } from '../words.ts';
import { Policy } from './policy.tsx';

export function Configs({ place }: { place: Place }) {
  const configs = useLive(`configs ${place.tenant} ${place.realm}`, (signal) =>
    page<Config>(`${realmPath(place)}/authenticator-configs`, 'authenticator_configs', { page_size: '200' }, signal), 0);
  return (
    <>
      <Heading>{W.configs.title}</Heading>
      <Shown of={configs}>{({ items }) => items.length === 0
        ? <Empty title={W.configs.empty} text={W.configs.emptyText} />
        : <div class="stack">{items.map((config) => <Card key={config.id} place={place} config={config} changed={configs.again} />)}</div>}
      </Shown>
    </>
  );
}

function Card({ place, config, changed }: { place: Place; config: Config; changed: () => void }) {
  const [editing, setEditing] = useState(false);
  const { invoke_url: invoke, trusted_origins: origins } = config.config as { invoke_url?: string; trusted_origins?: string[] };
  return (
    <section class="card" id={config.id}>
      <div class="title"><h2>{config.display_name}</h2><code>{config.id}</code><span class="fine">{W.configs.version(config.version)}, <Time at={config.update_time} /></span>
        {!editing && <button type="button" onClick={() => setEditing(true)} aria-label={`${W.configs.edit}: ${config.display_name}`}>{W.configs.edit}</button>}
      </div>
      {editing ? <Edit place={place} config={config} done={(saved) => { setEditing(false); if (saved) changed(); }} /> : (
        <div class="columns plain">
          <div>
            <h3>{W.configs.where}</h3>
            <Facts of={[
              [W.configs.page, config.config.type === 'hosted_web' ? W.configs.hosted : W.configs.embedded],
              ...(invoke ? [[W.configs.invoke, invoke] as [string, string]] : []),
              ...(origins ? [[W.configs.origins, origins.join(', ') || W.none] as [string, string]] : []),
              ...(config.relying_party ? [[W.configs.site, [config.relying_party.id, config.relying_party.name].filter(Boolean).join(' · ')] as [string, string]] : []),
            ]} />
          </div>
          <div><h3>{W.configs.policy}</h3><Policy config={config} /></div>
        </div>
      )}
    </section>
  );
}

function Edit({ place, config, done }: { place: Place; config: Config; done: (saved: boolean) => void }) {
  const [name, setName] = useState(config.display_name);
  const [policy, setPolicy] = useState(JSON.stringify(config.passkey_policy, null, 2));
  const [pages, setPages] = useState(JSON.stringify(config.config, null, 2));
  const [party, setParty] = useState(config.relying_party ? JSON.stringify(config.relying_party, null, 2) : '');
  const [problem, setProblem] = useState<Problem>();
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      const read = (text: string): unknown => {
        try {
          return JSON.parse(text);
        } catch (error) {
          throw new Error(`${W.configs.badJson}: ${error instanceof Error ? error.message : ''}`);
        }
      };
      const changed = { display_name: name, config: read(pages), passkey_policy: read(policy), ...(party.trim() && { relying_party: read(party) }) };
      await call(`${realmPath(place)}/authenticator-configs/${encodeURIComponent(config.id)}`, { method: 'PATCH', body: { authenticator_config: changed } });
      done(true);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <form onSubmit={save}>
      <p class="hint">{W.configs.newVersion}</p>
      <Field label={W.configs.name}>{(id) => <input id={id} value={name} required maxLength={128} onInput={({ currentTarget }) => setName(currentTarget.value)} />}</Field>
      <Field label={W.configs.pages}>{(id) => <textarea id={id} class="code" rows={4} spellcheck={false} value={pages} onInput={({ currentTarget }) => setPages(currentTarget.value)} />}</Field>
      <Field label={W.configs.json}>{(id) => <textarea id={id} class="code" rows={8} spellcheck={false} value={policy} onInput={({ currentTarget }) => setPolicy(currentTarget.value)} />}</Field>
      <Field label={W.configs.rp}>{(id) => <textarea id={id} class="code" rows={3} spellcheck={false} value={party} onInput={({ currentTarget }) => setParty(currentTarget.value)} />}</Field>
      {problem && <Trouble problem={problem} />}
      <div class="buttons"><button type="button" onClick={() => done(false)}>{W.cancel}</button><button type="submit" class="first">{W.save}</button></div>
    </form>
  );
}
