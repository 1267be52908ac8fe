// What is left to do in a new realm until its first job.

import { Action, useMay } from './allowed.tsx';
import { page, realmPath, type Place } from './api.ts';
import { useLive } from './live.ts';
import { inRealm } from './router.tsx';
import { W } from './words.ts';

const N = W.next;

export function NextSteps({ place }: { place: Place }) {
  const mayConfigs = useMay('authenticator-configs:read');
  const mayIdentities = useMay('identities:read');
  const has = useLive(`next ${place.tenant} ${place.realm} ${mayConfigs} ${mayIdentities}`, async (signal) => {
    const any = async (may: boolean, path: string, name: string) => may && (await page(`${realmPath(place)}/${path}`, name, { page_size: '1' }, signal)).items.length > 0;
    const [config, identity] = await Promise.all([
      any(mayConfigs, 'authenticator-configs', 'authenticator_configs'), any(mayIdentities, 'identities', 'identities'),
    ]);
    return { config, identity };
  }, 0).value;
  if (!has) return null;
  const step = (done: boolean, title: string, text: string, needs: string, to: string) => (
    <li data-done={done}>
      <span><strong>{title}</strong><small>{text}</small></span>
      {done ? <span class="badge" data-state="COMPLETE">{N.done}</span> : <Action needs={needs} to={to}>{title}</Action>}
    </li>
  );
  return (
    <ol class="next" aria-label={N.title}>
      {step(has.config, N.config, N.configText, 'authenticator-configs:create', inRealm(place, 'configs', '-', 'new'))}
      {step(has.identity, N.identity, N.identityText, 'identities:create', inRealm(place, 'identities', '-', 'new'))}
      {step(false, N.job, N.jobText, 'credential-binding-jobs:create', inRealm(place, 'jobs', 'new'))}
    </ol>
  );
}
