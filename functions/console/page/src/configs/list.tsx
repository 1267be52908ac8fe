// Authenticator configs: where passkeys are created, and what is required of them.

import { Action } from '../allowed.tsx';
import { call, page, realmPath, type Config, type Place } from '../api.ts';
import { useLive } from '../live.ts';
import { Confirmed, Empty, Facts, Heading, Shown, Time } from '../parts.tsx';
import { inRealm } from '../router.tsx';
import { W } from '../words.ts';
import { Policy } from './policy.tsx';
import { presetOf } from './presets.ts';

const C = W.configs;

export const configPath = (place: Place, id: string): string => `${realmPath(place)}/authenticator-configs/${encodeURIComponent(id)}`;

/** The most configs of one answer. */
const MOST = 200;

export function Configs({ place }: { place: Place }) {
  const configs = useLive(`configs ${place.tenant} ${place.realm}`, (signal) =>
    page<Config>(`${realmPath(place)}/authenticator-configs`, 'authenticator_configs', { page_size: String(MOST) }, signal), 0);
  const create = <Action needs="authenticator-configs:create" class="first" to={inRealm(place, 'configs', '-', 'new')}>{C.create}</Action>;
  return (
    <>
      <Heading aside={create}>{C.title}</Heading>
      <Shown of={configs}>{({ items, next }) => items.length === 0
        ? <Empty title={C.empty} text={C.emptyText}>{create}</Empty>
        : <div class="stack">
          {items.map((config) => <Card key={config.id} place={place} config={config} changed={configs.again} />)}
          {next && <p class="hint">{C.cut(MOST)}</p>}
        </div>}
      </Shown>
    </>
  );
}

function Card({ place, config, changed }: { place: Place; config: Config; changed: () => void }) {
  const { invoke_url: invoke, trusted_origins: origins } = config.config as { invoke_url?: string; trusted_origins?: string[] };
  const preset = presetOf(config.passkey_policy);
  const remove = async () => {
    await call(configPath(place, config.id), { method: 'DELETE' });
    changed();
  };
  return (
    <section class="card" id={config.id} data-config={config.id}>
      <div class="title"><h2>{config.display_name}</h2><code>{config.id}</code><span class="fine">{C.version(config.version)}, <Time at={config.update_time} /></span></div>
      <div class="columns plain">
        <div>
          <h3>{C.where}</h3>
          <Facts of={[
            [C.page, config.config.type === 'hosted_web' ? C.hosted : C.embedded],
            ...(invoke ? [[C.invoke, invoke] as [string, string]] : []),
            ...(origins ? [[C.origins, origins.join(', ') || W.none] as [string, string]] : []),
            ...(config.relying_party ? [[C.site, [config.relying_party.id, config.relying_party.name].filter(Boolean).join(' · ')] as [string, string]] : []),
          ]} />
        </div>
        <div><h3>{C.policy}{preset && <>: {C.presets[preset].name}</>}</h3><Policy of={config.passkey_policy} /></div>
      </div>
      <div class="buttons">
        <Confirmed danger needs="authenticator-configs:delete" label={C.remove} title={C.sureRemove(config.display_name)} text={C.removeText} act={remove} />
        <Action needs="authenticator-configs:create" to={`${inRealm(place, 'configs', '-', 'new')}?from=${encodeURIComponent(config.id)}`}>{C.duplicate}</Action>
        <Action needs="authenticator-configs:update" to={inRealm(place, 'configs', config.id)}>{C.edit}</Action>
      </div>
    </section>
  );
}
