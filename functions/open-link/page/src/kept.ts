// The link of this tab. It is out of the address bar at once, so that nobody finds it on the screen or in the history, and
// kept in the tab's storage, so that it survives a reload, until it is used up.

import { parseLink, type Link } from '../../../../shared/sdk/src/link.js';

const KEY = 'link';

/** The storage, where the browser has one for this page. */
function storage(use: (store: Storage) => string | null | void): string {
  try {
    return use(sessionStorage) ?? '';
  } catch {
    return '';
  }
}

/** The link as it was sent, with what happened to it on its way undone. */
export function whole({ kind, job, secret, errand }: Link): string {
  const { origin, pathname } = new URL(job);
  const to = errand === undefined ? '' : `do=${errand}&`;
  return kind === 'hosted' ? `${origin}/bind#${pathname}?${to}token=${secret}` : `${job}:invokeAuthenticator?${to}token=${secret}`;
}

/** Takes the link out of the address bar, or else out of the tab's storage; undefined when there is none. */
export function take(): { given: boolean; link: Link | undefined } {
  const { href, hash } = location;
  const link = parseLink(href);
  const given = Boolean(link) || hash.length > 1;
  if (given) history.replaceState(null, '', '/bind');
  if (link) storage((store) => store.setItem(KEY, whole(link)));
  const kept = given || document.documentElement.dataset.problem ? '' : storage((store) => store.getItem(KEY));
  return { given, link: link ?? parseLink(kept) };
}

/** The link is used up, or none. */
export const drop = (): void => void storage((store) => store.removeItem(KEY));
