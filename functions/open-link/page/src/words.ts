// Everything that the page says.

export const text = {
  someone: 'The sender of your link',
  create: 'Create passkey',
  decline: 'Withdraw the link',
  disown: 'Remove the passkey',
  renew: 'Mail me a new link',
  retry: 'Try again',
  otherDevice: 'Use another device',
  proceed: 'Continue',
  support: 'Contact support',
  preparing: 'Getting things ready…',
  device: 'Follow your device’s instructions.',
  saving: 'Saving your passkey…',
  leaving: 'Taking you to {host}…',
  stay: 'You can close this page.',
  wait: 'Try again in {time}.',
  reason: 'Reason: ',
  request: 'Request: ',
};

export interface Words {
  /** The title of the window, too. */
  heading: string;
  lead: string;
  note?: string;
  progress?: string;
}

// tone colours the drawing; {from} is who asks.
export const states = {
  checking: { tone: 'plain', heading: 'Checking your link', lead: 'One moment, please.' },
  ready: {
    tone: 'plain',
    heading: 'Create your passkey',
    lead: '{from} invites you to create a passkey. Your device will ask for your fingerprint, your face or your screen lock. There is nothing to remember.',
    note: 'Not expecting this? You can close this page: nothing happens, and the link expires on its own.',
  },
  decline: {
    tone: 'plain',
    heading: 'You did not expect this?',
    lead: 'Somebody asked {from} to invite you to create a passkey. If that was not you, withdraw the link: then nobody can use it.',
  },
  declined: {
    tone: 'good',
    heading: 'The link is withdrawn',
    lead: 'Nobody can create a passkey with it any more, and {from} can see that you did not expect it.',
    note: 'You can close this page.',
  },
  disown: {
    tone: 'warn',
    heading: 'This was not you?',
    lead: 'Somebody added a passkey to the account that you have at {from}, and can sign in with it. If that was not you, remove it.',
    note: 'If it was you, close this page: nothing happens.',
  },
  disowned: {
    tone: 'good',
    heading: 'The passkey is removed',
    lead: 'Nobody can sign in to {from} with it any more.',
    note: 'Tell support at {from} that somebody else tried to get into your account.',
  },
  renewable: {
    tone: 'warn',
    heading: 'This link has expired',
    lead: 'Links work for a limited time only. A new one can be mailed to the address that {from} has for you.',
  },
  renewed: {
    tone: 'good',
    heading: 'A new link is on its way',
    lead: 'Look into your mail, and open the new link on the device that you want to sign in with.',
    note: 'You can close this page.',
  },
  over: {
    tone: 'warn',
    heading: 'This link is over',
    lead: 'It worked for a day only. Contact support at {from} to have the passkey removed.',
  },
  working: { tone: 'plain', heading: 'Creating your passkey', lead: 'Keep this page open until your passkey is ready.' },
  done: {
    tone: 'good',
    heading: 'Your passkey is ready',
    lead: 'From now on you sign in to {from} with your fingerprint, your face or your screen lock.',
  },
  expired: {
    tone: 'warn',
    heading: 'This link has expired',
    lead: 'Links work for a limited time only. Ask {from} to send you a new one.',
  },
  revoked: {
    tone: 'warn',
    heading: 'This link was withdrawn',
    lead: '{from} has withdrawn this link. If you still need a passkey, ask for a new link. There may be a newer one in your mail already.',
  },
  'failed-to-send': {
    tone: 'warn',
    heading: 'This link is not valid',
    lead: 'The mail with this link could not be delivered, so the link was cancelled. Ask {from} to check your mail address and to send a new one.',
  },
  used: {
    tone: 'warn',
    heading: 'This link was already used',
    lead: 'A passkey was already made with this link. If that was you, you are done: sign in with it.',
    note: 'If it was not you, tell support at {from} right away.',
  },
  'wrong-link': {
    tone: 'warn',
    heading: 'This link is not complete',
    lead: 'Part of the link is missing or wrong. Open it straight from the message, or copy all of it into the address bar.',
    note: 'If it still does not work, ask for a new link.',
  },
  unsupported: {
    tone: 'warn',
    heading: 'Passkeys do not work here',
    lead: 'This browser or device cannot create this passkey. Open the link you were sent on your phone, or in another browser.',
    note: 'Your link is still good: nothing was used up.',
  },
  cancelled: {
    tone: 'warn',
    heading: 'No passkey was created',
    lead: 'It was cancelled, or it took too long. Nothing is lost: your link still works.',
  },
  exists: {
    tone: 'good',
    heading: 'You already have a passkey here',
    lead: 'You already have a passkey for {from} on this device, and you can sign in with it.',
    note: 'You can also add one on a phone, a security key or another device.',
  },
  offline: {
    tone: 'warn',
    heading: 'No connection',
    lead: 'We could not reach the server. Check your connection, then try again. Nothing is lost.',
  },
  busy: {
    tone: 'warn',
    heading: 'Please try again shortly',
    lead: 'The server is busy at the moment. Nothing is lost: your link still works.',
  },
  refused: {
    tone: 'bad',
    heading: 'The passkey was not accepted',
    lead: 'Your device made a passkey, but the server could not accept it. You can try again, perhaps with another device or browser.',
    note: 'If it happens again, send support the lines below.',
  },
} satisfies Record<string, Words & { tone: 'plain' | 'good' | 'warn' | 'bad' }>;

export type State = keyof typeof states;

// The same states with other words, for a cause of their own.
export const otherWords = {
  opener: {
    heading: 'Open the link from your mail again',
    lead: 'For your safety this page forgets the link when it is reloaded.',
    note: '',
  },
  errand: { heading: 'One moment, please', lead: 'Keep this page open.' },
  errandFailed: { heading: 'Something went wrong', lead: 'It could not be done just now. Try again in a moment.', note: '' },
  trouble: {
    heading: 'Something went wrong',
    lead: 'The passkey could not be created. You can try again, perhaps with another device or browser. Your link still works.',
  },
  tooMany: { lead: 'There were too many attempts with this link. Wait a little, then try again. Your link still works.' },
} satisfies Record<string, Partial<Words>>;
