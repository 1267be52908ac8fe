// Events and failed requests of a deployed stack: where people with access to its AWS account find them. The console's
// function may read neither.

import type { Place } from './api.ts';
import { Copy, Facts, Heading } from './parts.tsx';
import { inRealm, Link } from './router.tsx';
import type { Logs } from './session.ts';
import { W } from './words.ts';

const E = W.events;

/** CloudWatch Logs Insights in the region's AWS console. */
export function insights(region: string): string {
  const host = region.startsWith('cn-') ? 'console.amazonaws.cn' : region.startsWith('us-gov-') ? 'console.amazonaws-us-gov.com' : `${region}.console.aws.amazon.com`;
  return `https://${host}/cloudwatch/home?region=${encodeURIComponent(region)}#logsV2:logs-insights`;
}

const Query = ({ name }: { name: string }) => <><code>{name}</code> <Copy text={name} /></>;

export function InLogs({ place, logs: { region, stack } }: { place: Place; logs: Logs }) {
  return (
    <>
      <Heading>{E.title}</Heading>
      <p class="lead">{E.deployed}</p>
      <div class="columns">
        <section class="card">
          <h2>{E.kinds.failure}</h2>
          <p>{E.failuresDeployed}</p>
          <Facts of={[[E.allFailures, <Query name={`${stack}/failed-requests`} />], [E.oneRequest, <Query name={`${stack}/one-request`} />], [E.region, region]]} />
          <div class="buttons"><a class="button first" href={insights(region)} target="_blank" rel="noreferrer">{E.openLogs}</a></div>
        </section>
        <section class="card">
          <h2>{W.job.publish}</h2>
          <p>{E.replayDeployed}</p>
          <div class="buttons"><Link class="button" to={inRealm(place, 'jobs')}>{W.jobs.title}</Link></div>
        </section>
      </div>
    </>
  );
}
