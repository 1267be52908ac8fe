# The texts of the hosted page. English is authoritative: every other language has the same messages, attributes and
# variables. README.md in the folder above says what is used of Fluent (https://projectfluent.org).
#
# $from: who asks, a company. $host: a host name. $time, $until, $mailed, $removed: a time or a duration, in the
# reader's language.

## The hosted page: what the server fills in

page-fixed-title = Create your passkey
page-fixed-scripts = JavaScript is switched off
page-fixed-scripts_lead = This page needs JavaScript to create a passkey. Allow it here, or open the link you were sent in another browser.
page-fixed-late = If nothing happens here, this browser is probably too old. Open the link you were sent in a current one.

## The hosted page: buttons and short texts

page-text-from = From
page-text-for = For
page-text-passkey = Passkey
page-text-created = Created
page-text-until = Valid until
page-text-elsewhere = Continue on another device or in another browser
# Who asks, if the company's name is not known.
page-text-someone = the sender of your link
page-text-create = Create passkey
page-text-here = Create it here anyway
page-text-decline = Withdraw the link
page-text-disown = Remove the passkey
page-text-renew = Mail me a new link
page-text-again = Mail it again
page-text-retry = Try again
page-text-otherDevice = Use another device
page-text-proceed = Continue
page-text-support = Contact support
page-text-copy = Copy link
page-text-copied = The link is copied. Paste it into the address bar of the other browser.
page-text-byHand = Copy this link, and paste it into the address bar of the other browser.
page-text-share = Share link
page-text-qr = Show QR code
page-text-scan = Scan this code with the camera of the other device. It contains your link, so do not show it to anyone else.
page-text-noQr = The QR code could not be loaded. Copy the link instead.
page-text-preparing = Getting things ready…
page-text-device = Follow your device’s instructions.
page-text-saving = Saving your passkey…
page-text-leaving = Taking you to { $host }…
page-text-stay = You can close this page.
page-text-wait = Try again in { $time }.
page-text-reason = Reason:
page-text-request = Request:
# Of a passkey: which device or password manager made it is not known.
page-text-unnamed = Unknown manufacturer

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = Checking your link
    .lead = One moment, please.
page-state-ready = Create your passkey
    .lead = { $from } invites you to create a passkey. Your device will ask for your fingerprint, your face or your screen lock. There is nothing to remember.
    .note = Not expecting this? You can close this page: nothing happens, and the link expires on its own.
page-state-in-app = Open this link in your browser
    .lead = You are in the built-in browser of another app, where passkeys often cannot be created. Copy the link, and open it in your usual browser.
    .note = Your link still works.
page-state-unsupported = Continue in another browser
    .lead = This browser or device cannot create this passkey. Open the link on your phone, or in another browser.
    .note = Your link still works.
page-state-renewable = This link has expired
    .lead = Links work for a limited time only. A new one can be mailed to the address that { $from } has for you.
page-state-renewing = You already have a newer link
    .lead = This link has expired. A new one was mailed to the address that { $from } has for you, on { $mailed }. Open that one.
    .note = Can’t find it? Check your spam folder, or have it mailed again.
page-state-renewed = A new link is on its way
    .lead = Check your mail, and open the new link on the device that you want to sign in with.
    .note = You can close this page.
page-state-working = Creating your passkey
    .lead = Keep this page open until your passkey is ready.
page-state-done = Your passkey is ready
    .lead = From now on you sign in to { $from } with your fingerprint, your face or your screen lock.
page-state-expired = This link has expired
    .lead = Links work for a limited time only. Ask { $from } to send you a new one.
page-state-revoked = This link was withdrawn
    .lead = It can no longer be used. If you still need a passkey, ask { $from } for a new link. There may be a newer one in your mail already.
page-state-suspended = Your account is suspended
    .lead = Ask { $from } to activate it. Your link still works then.
page-state-failed-to-send = This link is not valid
    .lead = The mail with this link could not be delivered, so the link was cancelled. Ask { $from } to check your mail address and to send a new one.
page-state-used = This link was already used
    .lead = A passkey was already created with this link. If that was you, you are done: sign in with it.
    .note = If it was not you, tell { $from } right away.
page-state-wrong-link = This link is not complete
    .lead = Part of the link is missing or wrong. Open it straight from the message, or copy all of it into the address bar.
    .note = If it still does not work, ask for a new link.
page-state-cancelled = No passkey was created
    .lead = It was cancelled, or it took too long. Nothing is lost: your link still works.
page-state-exists = You already have a passkey here
    .lead = You already have a passkey for { $from } on this device, and you can sign in with it.
    .note = You can also add one on a phone, a security key or another device.
page-state-offline = No connection
    .lead = We could not reach the server. Check your connection, then try again. Nothing is lost.
page-state-busy = Please try again shortly
    .lead = The server is busy at the moment. Nothing is lost: your link still works.
page-state-refused = The passkey was not accepted
    .lead = Your device created a passkey, but the server could not accept it. You can try again, perhaps with another device or browser.
    .note = If it happens again, send support the lines below.

## The hosted page: the same states with a cause of their own

page-other-opener = Open the link from your mail again
    .lead = This page no longer has your link. It keeps a link in one tab only, until the link is used.
page-other-nowhere = There is nothing here
    .lead = If you followed a link from a message, part of it is missing or was changed. Open it straight from the message, or copy all of it into the address bar.
page-other-errand = One moment, please
    .lead = Keep this page open.
page-other-errandFailed = Something went wrong
    .lead = That did not work. Try again in a moment.
page-other-trouble = Something went wrong
    .lead = The passkey could not be created. You can try again, perhaps with another device or browser. Your link still works.
page-other-tooMany =
    .lead = There were too many attempts with this link. Wait a little, then try again. Your link still works.
page-other-mailedNow =
    .lead = A new link was mailed a moment ago. Check your mail before you ask for it again.
page-other-noMoreMails = No more mails
    .lead = The new link cannot be mailed again. Ask { $from } to send you another.
page-other-declinedBefore =
    .lead = It was withdrawn with the link in the mail, and can no longer be used. If you need a passkey after all, ask { $from } for a new link.

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = Didn’t expect this?
    .lead = Somebody asked { $from } to invite you to create a passkey. If you do not want one, withdraw the link: then nobody can use it.
page-errand-declined = The link is withdrawn
    .lead = It no longer works, and { $from } can see that you did not expect it.
    .note = You can close this page.
page-errand-disown = Did you create this passkey?
    .lead = This passkey was added to your account at { $from }. If it was not you, remove it.
    .note = If it was you, close this page: nothing happens.
page-errand-disowned = The passkey is removed
    .lead = It is no longer valid at { $from }.
    .note = If you did not create it, tell { $from }, so that they can check your account.
page-errand-removed = This passkey is already removed
    .lead = It is no longer valid at { $from }. There is nothing left to do here.
    .note = If you did not create it, tell { $from }, so that they can check your account.
page-errand-over = It is too late to remove it here
    .lead = This link could remove the passkey until { $until }. The passkey is still valid. If you did not create it, ask { $from } to remove it.
page-errand-removedByThem =
    .lead = { $from } removed it on { $removed }. There is nothing left to do here.
page-errand-removedByMail =
    .lead = It was removed with this link on { $removed }, and is no longer valid at { $from }.

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from } does not accept passkeys of this kind. Ask { $from } what you can use.
page-remedy-user_not_verified = Your device did not check that it is you. Set up a PIN, a fingerprint or face recognition on it, or use another device. Then try again.
page-remedy-resident_key_missing = The passkey could not be stored on your security key. Make room on it by deleting passkeys that you no longer need, or use another device.
page-remedy-algorithm_not_allowed = { $from } does not accept the kind of key that this device creates. Use another device or security key.
page-remedy-backup_eligibility_not_allowed = The passkey was saved in a place that { $from } does not accept. Try again and choose another: your device or a security key instead of a password manager, or vice versa.
# Not accepted because of who made the device, or which model it is.
page-remedy-model = { $from } does not accept passkeys of this make or model. Use another device, security key or password manager; { $from } can tell you which.
page-remedy-attestation_downgraded = Your browser did not identify your device. Try again, and allow it when the browser asks about make and model. Turn off password manager extensions first.
page-remedy-authenticator_status_refused = This model of device or security key has known weaknesses, so { $from } does not accept it. Use another.
page-remedy-unproven = Your device could not prove what it is. Try another device, or a security key.
page-remedy-credential_exists = This passkey is already registered. Try to sign in with it, or use another device.
