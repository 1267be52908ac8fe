// The link of this tab. It is removed from the address bar at once, so that it is not visible on the screen or in the
// history, and stored in the tab's storage until it is used up, so that it survives a reload.

import { parseLink, type Link } from '../../../../shared/sdk/src/link.js';

const KEY = 'link';

/** The storage, if the browser provides it for this page. */
function storage(use: (store: Storage) => string | null | void): string {
  try {
    return use(sessionStorage) ?? '';
  } catch {
    return '';
  }
}

/** The link as it was sent, with changes by mail systems undone. */
export function whole({ kind, job, secret, errand }: Link): string {
  const { origin, pathname } = new URL(job);
  const to = errand === undefined ? '' : `do=${errand}&`;
  return kind === 'hosted' ? `${origin}/bind#${pathname}?${to}token=${secret}` : `${job}:invokeAuthenticator?${to}token=${secret}`;
}

/** Takes the link from the address bar, or else from the tab's storage; undefined if there is none. */
export function take(): { given: boolean; link: Link | undefined } {
  const { href, hash } = location;
  const link = parseLink(href);
  const given = Boolean(link) || hash.length > 1;
  if (given) history.replaceState(null, '', '/bind');
  if (link) storage((store) => store.setItem(KEY, whole(link)));
  const kept = given || document.documentElement.dataset.problem ? '' : storage((store) => store.getItem(KEY));
  return { given, link: link ?? parseLink(kept) };
}

/** Removes the link after it is used up, or was invalid. */
export const drop = (): void => void storage((store) => store.removeItem(KEY));
