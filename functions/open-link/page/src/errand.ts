// What else a link can lead to: withdrawing a link or a passkey that one did not expect, and asking for a new link in place
// of an expired one. Each wants a click here, since mail scanners follow links.

import { BindError } from '../../../../shared/sdk/src/error.js';
import type { Link } from '../../../../shared/sdk/src/link.js';
import { ask } from '../../../../shared/sdk/src/server.js';
import type { Disowned, DisownedPasskey } from '../../../../shared/sdk/src/wire.js';
import { $ } from './dom.js';
import { showOutcome } from './outcome.js';
import { show } from './view.js';
import { otherWords, text, type State } from './words.js';

interface Errand {
  verb: 'decline' | 'disown' | 'renew';
  /** The state that asks for the click, and the one behind it. */
  before: State;
  after: State;
  button: string;
}

const errands: Errand[] = [
  { verb: 'decline', before: 'decline', after: 'declined', button: text.decline },
  { verb: 'disown', before: 'disown', after: 'disowned', button: text.disown },
  { verb: 'renew', before: 'renewable', after: 'renewed', button: text.renew },
];

/** The errand that a link names behind its secret, if it names one. */
export const errandOf = (url: string): Errand['verb'] | undefined =>
  errands.find(({ verb }) => url.endsWith(`&do=${verb}`) && verb !== 'renew')?.verb;

/** Shows what the click will do. */
export function offer(wanted: Errand['verb']): void {
  const errand = errands.find(({ verb }) => verb === wanted)!;
  $('errand').textContent = errand.button;
  show(errand.before);
}

/** Has the device stop offering a passkey that is good for nothing any more, where the browser can tell it. */
async function forget({ rp_id: rpId, credential_id: credentialId }: DisownedPasskey): Promise<void> {
  await globalThis.PublicKeyCredential?.signalUnknownCredential?.({ rpId, credentialId })?.catch(() => {});
}

/** Does it. */
export async function runErrand(wanted: Errand['verb'], link: Link): Promise<void> {
  const errand = errands.find(({ verb }) => verb === wanted)!;
  show('working', { ...otherWords.errand, progress: text.preparing });
  try {
    const { body } = await ask<Partial<Disowned>>(link, errand.verb, link.secret);
    if (body.webauthn) await forget(body.webauthn);
    show(errand.after);
  } catch (error) {
    const { code, reason, requestId: request } = error instanceof BindError ? error : new BindError('failed', {});
    if (code !== 'failed') showOutcome(error);
    else if (reason === 'gone') show('over');
    else show('refused', otherWords.errandFailed, { reason, request });
  }
}
