import { toBase64url } from './base64url.js';

/** The value of a read; undefined if it fails, as it can for the look-alike objects of password managers. */
export function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * Reads bytes, or a text that represents them, of a credential: from the credential itself, or else from its `toJSON()`. The
 * result is in base64url.
 */
export function reader(credential: any): (read: (form: any) => unknown) => string | undefined {
  const forms = [credential, attempt(() => credential.toJSON())];
  return (read) => forms.map((form) => attempt(() => text(read(form)))).find(Boolean);
}

/** Bytes, or a text that represents them, as base64url; something falsy for anything else. */
const text = (value: any): string | undefined =>
  typeof value === 'string' ? value : value?.byteLength && toBase64url(value);
