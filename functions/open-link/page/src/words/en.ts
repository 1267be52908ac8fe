// All texts of the page, in English. {from} is the sender. `fixed` is inserted when the page is served.

export const fixed = {
  title: 'Create your passkey',
  from: 'From',
  for: 'For',
  passkey: 'Passkey',
  created: 'Created',
  until: 'Valid until',
  elsewhere: 'Continue on another device or in another browser',
  scripts: 'JavaScript is switched off',
  scripts_lead:
    'This page needs JavaScript to create a passkey. Allow it here, or open the link you were sent in another browser.',
  late: 'If nothing happens here, this browser is probably too old. Open the link you were sent in a current one.',
};

export const text = {
  someone: 'the sender of your link',
  create: 'Create passkey',
  here: 'Create it here anyway',
  decline: 'Withdraw the link',
  disown: 'Remove the passkey',
  renew: 'Mail me a new link',
  again: 'Mail it again',
  retry: 'Try again',
  otherDevice: 'Use another device',
  proceed: 'Continue',
  support: 'Contact support',
  copy: 'Copy link',
  copied: 'The link is copied. Paste it into the address bar of the other browser.',
  byHand: 'Copy this link, and paste it into the address bar of the other browser.',
  share: 'Share link',
  qr: 'Show QR code',
  scan: 'Scan this code with the camera of the other device. It contains your link, so do not show it to anyone else.',
  noQr: 'The QR code could not be loaded. Copy the link instead.',
  preparing: 'Getting things ready…',
  device: 'Follow your device’s instructions.',
  saving: 'Saving your passkey…',
  leaving: 'Taking you to {host}…',
  stay: 'You can close this page.',
  wait: 'Try again in {time}.',
  reason: 'Reason: ',
  request: 'Request: ',
  unnamed: 'Unknown manufacturer',
};

export const states = {
  checking: { heading: 'Checking your link', lead: 'One moment, please.' },
  ready: {
    heading: 'Create your passkey',
    lead: '{from} invites you to create a passkey. Your device will ask for your fingerprint, your face or your screen lock. There is nothing to remember.',
    note: 'Not expecting this? You can close this page: nothing happens, and the link expires on its own.',
  },
  'in-app': {
    heading: 'Open this link in your browser',
    lead: 'You are in the built-in browser of another app, where passkeys often cannot be created. Copy the link, and open it in your usual browser.',
    note: 'Your link still works.',
  },
  unsupported: {
    heading: 'Continue in another browser',
    lead: 'This browser or device cannot create this passkey. Open the link on your phone, or in another browser.',
    note: 'Your link still works.',
  },
  decline: {
    heading: 'Didn’t expect this?',
    lead: 'Somebody asked {from} to invite you to create a passkey. If you do not want one, withdraw the link: then nobody can use it.',
  },
  declined: {
    heading: 'The link is withdrawn',
    lead: 'It no longer works, and {from} can see that you did not expect it.',
    note: 'You can close this page.',
  },
  disown: {
    heading: 'Did you create this passkey?',
    lead: 'This passkey was added to your account at {from}. If it was not you, remove it.',
    note: 'If it was you, close this page: nothing happens.',
  },
  disowned: {
    heading: 'The passkey is removed',
    lead: 'It is no longer valid at {from}.',
    note: 'If you did not create it, tell {from}, so that they can check your account.',
  },
  removed: {
    heading: 'This passkey is already removed',
    lead: 'It is no longer valid at {from}. There is nothing left to do here.',
    note: 'If you did not create it, tell {from}, so that they can check your account.',
  },
  over: {
    heading: 'It is too late to remove it here',
    lead: 'This link could remove the passkey until {until}. The passkey is still valid. If you did not create it, ask {from} to remove it.',
  },
  renewable: {
    heading: 'This link has expired',
    lead: 'Links work for a limited time only. A new one can be mailed to the address that {from} has for you.',
  },
  renewing: {
    heading: 'You already have a newer link',
    lead: 'This link has expired. A new one was mailed to the address that {from} has for you, on {mailed}. Open that one.',
    note: 'Can’t find it? Check your spam folder, or have it mailed again.',
  },
  renewed: {
    heading: 'A new link is on its way',
    lead: 'Check your mail, and open the new link on the device that you want to sign in with.',
    note: 'You can close this page.',
  },
  working: { heading: 'Creating your passkey', lead: 'Keep this page open until your passkey is ready.' },
  done: {
    heading: 'Your passkey is ready',
    lead: 'From now on you sign in to {from} with your fingerprint, your face or your screen lock.',
  },
  expired: { heading: 'This link has expired', lead: 'Links work for a limited time only. Ask {from} to send you a new one.' },
  revoked: {
    heading: 'This link was withdrawn',
    lead: 'It can no longer be used. If you still need a passkey, ask {from} for a new link. There may be a newer one in your mail already.',
  },
  suspended: {
    heading: 'Your account is suspended',
    lead: 'Ask {from} to activate it. Your link still works then.',
  },
  'failed-to-send': {
    heading: 'This link is not valid',
    lead: 'The mail with this link could not be delivered, so the link was cancelled. Ask {from} to check your mail address and to send a new one.',
  },
  used: {
    heading: 'This link was already used',
    lead: 'A passkey was already created with this link. If that was you, you are done: sign in with it.',
    note: 'If it was not you, tell {from} right away.',
  },
  'wrong-link': {
    heading: 'This link is not complete',
    lead: 'Part of the link is missing or wrong. Open it straight from the message, or copy all of it into the address bar.',
    note: 'If it still does not work, ask for a new link.',
  },
  cancelled: {
    heading: 'No passkey was created',
    lead: 'It was cancelled, or it took too long. Nothing is lost: your link still works.',
  },
  exists: {
    heading: 'You already have a passkey here',
    lead: 'You already have a passkey for {from} on this device, and you can sign in with it.',
    note: 'You can also add one on a phone, a security key or another device.',
  },
  offline: {
    heading: 'No connection',
    lead: 'We could not reach the server. Check your connection, then try again. Nothing is lost.',
  },
  busy: {
    heading: 'Please try again shortly',
    lead: 'The server is busy at the moment. Nothing is lost: your link still works.',
  },
  refused: {
    heading: 'The passkey was not accepted',
    lead: 'Your device created a passkey, but the server could not accept it. You can try again, perhaps with another device or browser.',
    note: 'If it happens again, send support the lines below.',
  },
};

// The same states in other words, for a cause of their own.
export const other = {
  opener: {
    heading: 'Open the link from your mail again',
    lead: 'This page no longer has your link. It keeps a link in one tab only, until the link is used.',
    note: '',
  },
  nowhere: {
    heading: 'There is nothing here',
    lead: 'If you followed a link from a message, part of it is missing or was changed. Open it straight from the message, or copy all of it into the address bar.',
  },
  errand: { heading: 'One moment, please', lead: 'Keep this page open.' },
  errandFailed: { heading: 'Something went wrong', lead: 'That did not work. Try again in a moment.', note: '' },
  trouble: {
    heading: 'Something went wrong',
    lead: 'The passkey could not be created. You can try again, perhaps with another device or browser. Your link still works.',
  },
  tooMany: { lead: 'There were too many attempts with this link. Wait a little, then try again. Your link still works.' },
  mailedNow: { lead: 'A new link was mailed a moment ago. Check your mail before you ask for it again.' },
  noMoreMails: { heading: 'No more mails', lead: 'The new link cannot be mailed again. Ask {from} to send you another.', note: '' },
  declinedBefore: {
    lead: 'It was withdrawn with the link in the mail, and can no longer be used. If you need a passkey after all, ask {from} for a new link.',
  },
  removedByThem: { lead: '{from} removed it on {removed}. There is nothing left to do here.', note: '' },
  removedByMail: { lead: 'It was removed with this link on {removed}, and is no longer valid at {from}.' },
};

const model = '{from} does not accept passkeys of this make or model. Use another device, security key or password manager; {from} can tell you which.';
const unproven = 'Your device could not prove what it is. Try another device, or a security key.';

// What helps when the policy refuses a passkey, by reason.
export const remedies = {
  mechanism_not_allowed: '{from} does not accept passkeys of this kind. Ask {from} what you can use.',
  user_not_verified:
    'Your device did not check that it is you. Set up a PIN, a fingerprint or face recognition on it, or use another device. Then try again.',
  resident_key_missing:
    'The passkey could not be stored on your security key. Make room on it by deleting passkeys that you no longer need, or use another device.',
  algorithm_not_allowed: '{from} does not accept the kind of key that this device creates. Use another device or security key.',
  backup_eligibility_not_allowed:
    'The passkey was saved in a place that {from} does not accept. Try again and choose another: your device or a security key instead of a password manager, or vice versa.',
  aaguid_not_allowed: model,
  attestation_downgraded:
    'Your browser did not identify your device. Try again, and allow it when the browser asks about make and model. Turn off password manager extensions first.',
  attestation_untrusted: model,
  attestation_expired: unproven,
  authenticator_unknown: model,
  authenticator_status_refused: 'This model of device or security key has known weaknesses, so {from} does not accept it. Use another.',
  certification_too_low: model,
  attestation_invalid: unproven,
  attestation_signature_invalid: unproven,
  attestation_certificate_invalid: unproven,
  attestation_format_not_supported: unproven,
  'credential-exists': 'This passkey is already registered. Try to sign in with it, or use another device.',
};
