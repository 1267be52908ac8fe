// What else a link can lead to: withdrawing a link or a passkey that one did not expect, and asking for a new link in place
// of an expired one. Each wants a click here, since mail scanners follow links.

import { BindError } from '../../../../shared/sdk/src/error.js';
import type { Link } from '../../../../shared/sdk/src/link.js';
import { ask } from '../../../../shared/sdk/src/server.js';
import type { DisownPreview, Disowned, DisownedPasskey } from '../../../../shared/sdk/src/wire.js';
import { $ } from './dom.js';
import { showOutcome } from './outcome.js';
import { fillCard, localTime, show } from './view.js';
import { other, speakOfErrands, text, type State } from './words.js';

export type Errand = 'decline' | 'disown' | 'renew';

const behind: Record<Errand, State> = { decline: 'declined', disown: 'disowned', renew: 'renewed' };

/**
 * The errand that a link names, even if it was cut or extended; undefined for one that names none. Nothing is made of an
 * errand that is not known.
 */
export function errandOf({ errand }: Link): Errand | 'unknown' | undefined {
  if (errand === undefined) return undefined;
  if (/^d?de/i.test(errand)) return 'decline';
  return /^d?di/i.test(errand) ? 'disown' : 'unknown';
}

/** Shows what a click will do. */
export function offer(errand: Errand, state: State = errand === 'renew' ? 'renewable' : errand, values = {}): void {
  $('errand').textContent = state === 'renewing' ? text.again : text[errand];
  show(state, {}, { values });
}

/** Asks which passkey a notice was about, and shows what there is to do about it. */
export async function lookAtPasskey(link: Link): Promise<void> {
  const { body } = await ask<DisownPreview>(link, 'previewDisown', link.secret);
  const { credential, expire_time, removable } = body;
  await speakOfErrands(body.locale);
  const { create_time: created, model = text.unnamed, revoked_by: by, revoke_time: time = '' } = credential;
  fillCard(body, { passkey: model, created });
  if (removable) return offer('disown');
  const values = { removed: localTime(time), until: localTime(expire_time) };
  if (credential.state === 'ACTIVE') return show('over', {}, { values });
  show('removed', by === 'RECIPIENT' ? other.removedByMail : by ? { ...other.removedByThem, note: '' } : {}, { values });
}

/** Has the device stop offering a passkey that is not valid any more, where the browser can tell it. */
async function forget({ rp_id: rpId, credential_id: credentialId }: DisownedPasskey): Promise<void> {
  try {
    await PublicKeyCredential.signalUnknownCredential({ rpId, credentialId });
  } catch {
    // It cannot.
  }
}

/** Does it. */
export async function runErrand(errand: Errand, link: Link): Promise<void> {
  show('working', { ...other.errand, progress: text.preparing });
  try {
    const { body } = await ask<Partial<Disowned>>(link, errand, link.secret);
    if (body.webauthn) await forget(body.webauthn);
    show(behind[errand]);
  } catch (error) {
    const { code, reason, requestId: request } = error instanceof BindError ? error : new BindError('failed', {});
    // What is so now is for the server to say.
    if (reason === 'disownment-expired') return lookAtPasskey(link);
    if (reason === 'renewal-not-allowed') return show('expired');
    if (reason === 'too-many-mails') return show('expired', other.noMoreMails);
    if (code !== 'failed') return showOutcome(error);
    show('refused', { ...other.errandFailed, note: '' }, { reason, request });
  }
}
