// The texts for an attempt that added no passkey. `again` says what another attempt needs: the same link or a new one.
// It is absent if another attempt is pointless.

export const outcomes = {
  already_bound: { heading: 'This link was already used', text: 'It made its passkey before. If that was you, you are done.', again: 'new' },
  already_registered: { heading: 'This device has your passkey already', text: 'Use it to sign in. To add another, try again with a phone or a security key.', again: 'same' },
  busy: { heading: 'Please try again shortly', text: 'The server is busy at the moment. Nothing is lost.', again: 'same' },
  cancelled: { heading: 'No passkey was added', text: 'You cancelled, or it took too long. Nothing is lost.', again: 'same' },
  expired: { heading: 'The link has expired', text: 'Links work for a limited time only.', again: 'new' },
  failed: { heading: 'Something went wrong', text: 'No passkey was added. Try again, perhaps in another browser.', again: 'same' },
  failed_to_send: { heading: 'The link was cancelled', text: 'The mail with it could not be delivered.', again: 'new' },
  network: { heading: 'No connection', text: 'The server could not be reached. Check your connection. Nothing is lost.', again: 'same' },
  not_supported: { heading: 'Passkeys do not work here', text: 'This browser or device cannot create one. Try another.', again: 'none' },
  not_trusted_origin: { heading: 'This address may not add passkeys', text: 'It is not among the trusted origins of the app’s authenticator config. Open the app at its proper address.', again: 'none' },
  policy: { heading: 'The passkey was not accepted', text: 'Your device made one that the app’s policy does not allow. Try another device.', again: 'same' },
  revoked: { heading: 'The link was withdrawn', text: 'There may be a newer one.', again: 'new' },
  timed_out: { heading: 'That took too long', text: 'A request is valid for fifteen minutes.', again: 'new' },
  wrong_link: { heading: 'This link does not work here', text: 'Part of it is missing or wrong, or it belongs to another server.', again: 'new' },
  // The app's own codes.
  opener: { heading: 'Open your link again', text: 'For your safety this page forgets a link when it is reloaded.', again: 'none' },
};

export const unknown = outcomes.failed;

// The app's texts for a failed sign-in, by the SDK's code.
export const signInFailures = {
  busy: 'The server is busy. Try again shortly.',
  cancelled: 'Not signed in. You cancelled, or this device has no passkey for this app.',
  network: 'The server does not answer.',
  not_supported: 'This browser has no passkeys.',
  not_trusted_origin: 'This address may not use passkeys. Open the app at its proper address.',
  suspended: 'Your account is suspended.',
  timed_out: 'That took too long. Try again.',
  unknown_passkey: 'This passkey was removed. Sign in another way, then add a new one.',
};
