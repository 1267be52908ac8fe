// Generated from shared/messages/en/sdk.ftl: npm --prefix shared/sdk run build

export default {
  "expired": "This link has expired. Ask for a new one.",
  "revoked": "This link was withdrawn. If you still need a passkey, ask for a new link.",
  "failed_to_send": "The mail with this link could not be delivered, so the link was cancelled. Ask for a new one.",
  "suspended": "Your account is suspended. Once it is active again, your link still works.",
  "already_bound": "A passkey was already created with this link. If that was you, sign in with it.",
  "already_registered": "You already have a passkey on this device. Sign in with it.",
  "cancelled": "No passkey was created: it was cancelled, or it took too long. Your link still works.",
  "timed_out": "That took too long. Open the link you were sent again.",
  "aborted": "No passkey was created.",
  "not_supported": "This browser or device cannot create this passkey. Open the link on another device or in another browser.",
  "not_trusted_origin": "This page is not allowed to create your passkey. Contact support.",
  "wrong_link": "This link is not complete. Open it straight from the message, or copy all of it into the address bar.",
  "network": "We could not reach the server. Check your connection, then try again.",
  "busy": "The server is busy at the moment. Try again shortly.",
  "policy": "Your device created a passkey, but it was not accepted. Try again, perhaps with another device or browser.",
  "failed": "Something went wrong, and no passkey was created. Try again."
};
