// Why a recipient of a batch was not invited, or why its mail did not arrive: one entry for each reason of the API.

import type { RecipientReason } from '../api.ts';

export interface Reason {
  says: string;
  remedy: string;
}

export const REASONS: Record<RecipientReason, Reason> = {
  no_email: { says: 'The identity has no mail address.', remedy: 'Add a mail address to the identity.' },
  suspended: { says: 'The identity is suspended.', remedy: 'Reactivate the identity.' },
  not_found: { says: 'The identity was erased.', remedy: 'Nothing to do.' },
  already_enrolled: { says: 'The identity already has a passkey.', remedy: 'Nothing to do. To create another passkey, invite people who have one.' },
  already_pending: { says: 'The identity has an unused invitation.', remedy: 'Nothing to do. To replace it, let the batch replace unused invitations.' },
  suppressed: { says: 'The person reported a mail as spam, or the mail service suppresses the address.', remedy: 'Use another channel, such as a returned link.' },
  bounced: { says: 'A mail to the address bounced.', remedy: 'Correct the mail address.' },
  policy: { says: 'The authenticator config or the redirect URI was removed from the realm.', remedy: 'Restore it, or create a batch with another one.' },
  cancelled: { says: 'The batch was cancelled before the person’s turn.', remedy: 'To invite the person, create a new batch.' },
};
