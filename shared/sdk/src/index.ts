import { parseBindLink } from './link.js';

export { bindPasskey, type BindOptions, type BindProgress, type Mechanism } from './bind.js';
export { BindError, type BindErrorCode, type Bound, type Credential } from './error.js';
export { canCreatePasskey } from './passkey.js';
export { softwareKey } from './software-key.js';

/** Whether a URL is a link that `bindPasskey` accepts. No request is sent. */
export const isBindLink = (url: string | URL): boolean => Boolean(parseBindLink(url));
