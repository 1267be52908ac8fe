# The texts of the SDK's errors, by code. English is authoritative: every other language has the same messages, attributes and
# variables. README.md in the folder above says what is used of Fluent (https://projectfluent.org).
#
# No variables.

sdk-expired = This link has expired. Ask for a new one.
sdk-revoked = This link was withdrawn. If you still need a passkey, ask for a new link.
sdk-failed_to_send = The mail with this link could not be delivered, so the link was cancelled. Ask for a new one.
sdk-suspended = Your account is suspended. Once it is active again, your link still works.
sdk-already_bound = A passkey was already created with this link. If that was you, sign in with it.
sdk-already_registered = You already have a passkey on this device. Sign in with it.
sdk-cancelled = No passkey was created: it was cancelled, or it took too long. Your link still works.
sdk-timed_out = That took too long. Open the link you were sent again.
sdk-aborted = No passkey was created.
sdk-not_supported = This browser or device cannot create this passkey. Open the link on another device or in another browser.
sdk-not_trusted_origin = This page is not allowed to create your passkey. Contact support.
sdk-wrong_link = This link is not complete. Open it straight from the message, or copy all of it into the address bar.
sdk-network = We could not reach the server. Check your connection, then try again.
sdk-busy = The server is busy at the moment. Try again shortly.
sdk-policy = Your device created a passkey, but it was not accepted. Try again, perhaps with another device or browser.
sdk-failed = Something went wrong, and no passkey was created. Try again.
