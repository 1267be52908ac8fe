// Everything that the console says.

import type { State } from './api.ts';

export const STATES: Record<State, { name: string; says: string }> = {
  LINK_SENT: { name: 'Link sent', says: 'The link is out. The user acts next.' },
  LINK_OPENED: { name: 'Link opened', says: 'The user opened the link, and has not gone on yet.' },
  REQUEST_DELIVERED: { name: 'Request delivered', says: 'The device has the request. It acts next.' },
  COMPLETE: { name: 'Complete', says: 'The passkey exists.' },
  EXPIRED: { name: 'Expired', says: 'The time ran out before a passkey came of it.' },
  REVOKED: { name: 'Revoked', says: 'The job was withdrawn. Its link does nothing any more.' },
  FAILED_TO_SEND: { name: 'Not sent', says: 'The mail could not be delivered.' },
};

export const MAIL: Record<string, string> = {
  SENT: 'Handed to the mail service',
  DELIVERED: 'Delivered to the mailbox’s server',
  DELAYED: 'Delayed: the other server does not take it yet',
  SOFT_BOUNCED: 'Bounced for now; it may still arrive',
  BOUNCED: 'Bounced: the address does not take mail',
  REJECTED: 'Rejected by the mail service',
  COMPLAINED: 'The recipient marked it as spam',
};

export const FAILURES: Record<string, string> = {
  challenge: 'The answer belonged to another request.',
  origin: 'The page’s origin is not among those allowed.',
  rp_id: 'The passkey was made for another site.',
  signature: 'A signature did not verify.',
  user_verification: 'The device did not verify its user.',
  attestation: 'The device’s attestation was not what the policy wants.',
  algorithm: 'The key’s algorithm is not allowed.',
  already_bound: 'That authenticator’s credential is bound already.',
};

export const METHODS = { EMAIL: 'By mail', RETURN: 'Handed over' } as const;

export const SPANS: [string, string, number?][] = [
  ['1h', 'Last hour', 3_600_000],
  ['24h', 'Last day', 86_400_000],
  ['7d', 'Last 7 days', 604_800_000],
  ['30d', 'Last 30 days', 2_592_000_000],
  ['all', 'All time'],
];

export const W = {
  product: 'Bindery',
  nav: {
    overview: 'Overview', jobs: 'Jobs', credentials: 'Credentials', configs: 'Configs', realm: 'Realm', events: 'Events',
    label: 'Console', skip: 'Skip to content', signOut: 'Sign out', switch: 'Switch', of: 'in tenant',
  },
  any: 'Any', loading: 'Loading', retry: 'Try again', cancel: 'Cancel', copy: 'Copy', copied: 'Copied',
  save: 'Save', saved: 'Saved.', more: 'Older', newest: 'Newest', requestId: 'Request', none: 'None',
  notFound: { title: 'There is no such page', text: 'The address may be mistyped.' },
  forbidden: { title: 'Your token does not allow this', text: 'Ask whoever runs the issuer for the scope, and sign in again.' },
  failed: 'That did not work',
  signIn: {
    title: 'Sign in', text: 'The console does what your access token may do, and nothing more.', go: 'Sign in',
    wait: 'Signing in', failed: 'You are not signed in', expired: 'Your session has ended',
    expiredText: 'Nothing is lost. Sign in again, and you come back to this very page.',
    unset: 'The console is not set up',
    unsetText: 'Nobody can sign in yet. Register a public client for the authorization code grant with PKCE at your issuer, with the redirect URI below, and deploy with its id as ConsoleClientId.',
  },
  choose: { title: 'Choose a realm', text: 'A realm holds identities, their jobs and their passkeys.', tenant: 'Tenant', realm: 'Realm', go: 'Open' },
  jobs: {
    title: 'Jobs', create: 'New job', state: 'State', method: 'Delivery', since: 'Created', search: 'Identity or job id',
    identity: 'Identity', progress: 'Progress', age: 'Age', expires: 'Expires', clear: 'Show all',
    empty: 'No jobs yet', emptyText: 'A job tracks the making of one passkey on one device.',
    noneFound: 'No job fits', noneFoundText: 'Take away a filter, or search for somebody else.',
    live: 'Live', total: (n: number) => (n >= 1000 ? 'More than 1000 jobs' : n === 1 ? '1 job' : `${n} jobs`),
    shortPage: 'Many jobs were looked at for this page. There may be more further on.',
    in: (text: string) => `in ${text}`,
  },
  job: {
    title: 'Job', resend: 'Send the mail again', revoke: 'Revoke', id: 'Job', identity: 'Identity',
    method: 'Delivery', config: 'Authenticator config', redirect: 'Afterwards', created: 'Created', expires: 'Expires',
    mail: 'Mail', mailNone: 'No word of it yet', prefetches: 'Looked at by machines', openings: 'Opened', failure: 'Last failure',
    noFailure: 'None', credential: 'Passkey', noCredential: 'None yet', policy: 'Policy in force', history: 'What happened',
    times: (n: number) => (n === 1 ? 'once' : `${n} times`), noPrefetch: 'Not yet', notOpened: 'Not yet',
    revokedBy: { OPERATOR: 'by an operator', RECIPIENT: 'by the recipient, who did not expect it' } as Record<string, string>,
    renews: 'Takes the place of', renewedBy: 'Replaced by', left: 'left',
    sureRevoke: 'Revoke this job?', sureRevokeText: 'Its link stops working at once, and for good. No passkey can come of it any more.',
    sureResend: 'Send the mail again?', sureResendText: 'The same link goes out once more, to the address on file.',
    picture: (state: string) => `The states of a job. This one is in the state ${state}.`,
  },
  create: {
    title: 'New job', text: 'It brings about one passkey, on one device.', identity: 'Identity', identityHint: 'Who is to get the passkey',
    config: 'Authenticator config', delivery: 'Delivery', email: 'By mail', emailText: 'We send the link to the address on file.',
    return: 'Hand it over', returnText: 'You get the link, once, and bring it to the user.', expires: 'Valid for', redirect: 'Afterwards, go to',
    noRedirect: 'Nowhere else', usual: 'As the realm says', go: 'Create job', same: 'The same, from a terminal', noAddress: 'No mail address on file',
    done: 'The job exists', link: 'The link', linkOnce: 'It is shown here and now, and never again. Whoever has it can make the passkey.',
    qr: 'The link as a QR code', open: 'Open the job', another: 'Another job', mailed: (to: string) => `The link goes to ${to}.`,
    unknown: 'No identity of that id was found in the first 200; the server will tell.',
  },
  credentials: {
    title: 'Credentials', empty: 'No passkeys yet', emptyText: 'They come into being through jobs, and in no other way.', revoke: 'Revoke',
    sure: 'Revoke this passkey?', sureText: 'Your systems are told by an event. It cannot be undone.', unknownModel: 'Unknown model', key: 'Key that signs JWTs',
    proven: 'What was proven', root: 'Vouched for by', noRoot: 'Nobody', verified: 'User verified', backup: 'Backup', job: 'Made by job', made: 'Made', site: 'Site',
    backups: (eligible: boolean, state: boolean) => !eligible ? 'Stays on one device' : state ? 'Synced, and backed up' : 'Can be synced, not backed up',
    algorithm: 'Algorithm', identity: 'Identity', yes: 'Yes', no: 'No', transports: 'Reached by', active: 'Active', revoked: 'Revoked', for: 'of',
  },
  attestation: {
    none: 'A key, and no word about the device', self: 'A key that vouches for itself', basic: 'The maker vouches for the model of the device',
    attca: 'The maker’s attestation CA vouches for the device', anonca: 'An anonymising CA vouches for the model of the device',
  } as Record<string, string>,
  configs: {
    title: 'Configs', empty: 'No authenticator configs', emptyText: 'A job follows one: it says where the passkey is made, and what is wanted of it.',
    hosted: 'On our page', embedded: 'In your app', version: (n: number) => `version ${n}`, policy: 'What is wanted of a passkey', edit: 'Edit', name: 'Name',
    pages: 'Where passkeys are made, as JSON', json: 'Policy, as JSON', rp: 'Relying party, as JSON', badJson: 'This is not JSON', site: 'Site', where: 'Where passkeys are made', page: 'Page', invoke: 'App', origins: 'Trusted origins', newVersion: 'A change makes a new version. Jobs that are under way keep the one they began with.',
  },
  policy: {
    proof: 'Proof', verification: 'User verification', discoverable: 'Discoverable', attestation: 'Attestation', trust: 'Trust', backup: 'Backup',
    algorithms: 'Algorithms', origins: 'Origins', models: 'Models', only: 'Only', not: 'Not', any: 'Any.',
    how: { required: 'required', preferred: 'wanted, not required', discouraged: 'not wanted', allowed: 'allowed', forbidden: 'forbidden' } as Record<string, string>,
    attestations: {
      none: 'Nothing is asked about the device’s model.', indirect: 'The device may say what it is, perhaps anonymously.',
      direct: 'The device is asked to say what it is.', enterprise: 'The device is asked for its own serial identity, where it is enrolled for that.',
    } as Record<string, string>,
    trusts: {
      any: 'Any device is accepted.', attested: 'Only devices that prove their model are accepted.',
      fido_mds: 'Only devices in the FIDO Metadata Service are accepted.',
    } as Record<string, string>,
    proofs: { FIDO2: 'a WebAuthn registration', WEBAUTHN: 'a WebAuthn registration over the ceremony token', JWT: 'a signed JWT' } as Record<string, string>,
    proves: (ways: string[]) => `The device proves its key by ${ways.join(', or ')}.`, verified: (how: string) => `Fingerprint, face or PIN: ${how}.`,
    discovered: (how: string) => `A key that needs no user name: ${how}.`, synced: (how: string) => `Passkeys that are synced between devices: ${how}.`,
  },
  trouble: {
    ended: 'Your session has ended', endedText: 'Sign in again to go on.', offline: 'No connection',
    offlineText: 'The server could not be reached. What is shown may be out of date.', forbidden: 'The access token does not allow this.',
    otherIssuer: 'The issuer gives itself another name than the one configured.', foreign: 'This answer belongs to no sign-in of this tab. Nothing was done with it.',
    notAsked: 'This answer is not of the issuer that was asked. Nothing was done with it.', otherToken: 'The issuer’s ID token is not the answer to this sign-in.',
  },
  realm: {
    title: 'Realm', name: 'Name', theme: 'Theme', email: 'Mail', links: 'Links', logoLight: 'Logo, light', logoDark: 'Logo, dark', support: 'Support page',
    button: 'Button', buttonText: 'Text on it', fromName: 'Sender’s name', replyTo: 'Replies go to', subject: 'Subject', notice: 'Tell people by mail of each new passkey',
    redirects: 'Redirect URIs, one a line', defaultLife: 'A link lives, in seconds', maxLife: 'At most, in seconds', returnDelivery: 'Links handed over',
    renewal: 'Whoever holds an expired link may have a new one mailed', preview: 'Preview', page: 'The page', mail: 'The mail', sample: 'Ada Lovelace', create: 'Create passkey',
    from: 'From', subjectLine: 'Subject', usualSubject: (realm: string) => `Create your passkey for ${realm}`, hello: 'Hello',
    promise: 'From then on you sign in with your fingerprint, your face or your screen lock. There is no password to remember.',
    once: 'The link works once and is for you alone. Please do not forward it.', invites: (realm: string) => `${realm} invites you to create a passkey.`, deliveries: { allowed: 'Allowed', scoped: 'With a scope of their own', forbidden: 'Forbidden' } as Record<string, string>,
  },
  overview: {
    title: 'Overview', funnel: 'From link to passkey', states: 'By state', stuck: 'Stuck', bounced: 'Not delivered', stuckText: 'Opened or delivered more than a quarter of an hour ago, and not gone on.',
    bouncedText: 'Mail that did not arrive, or was not wanted.', noStuck: 'Nobody is stuck.', noBounced: 'Everything arrived.',
    truncated: (n: number) => `Counted over the newest ${n} jobs of this span. Choose a shorter span to have all of them.`, empty: 'No jobs in this span', after: (text: string) => `median ${text}`,
    jobs: 'jobs', made: 'became passkeys', median: 'from link to passkey, median', undelivered: 'mails not delivered', chart: 'Jobs by the furthest step that they reached',
  },
  events: { title: 'Events', text: 'What the local bus was told, newest first. In the cloud, events go to EventBridge.', empty: 'No events yet', emptyText: 'Every committed change of a job or a credential is one.' },
};
