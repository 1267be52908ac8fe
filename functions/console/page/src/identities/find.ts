// Identities by a text: one by its id, others among the newest.

import { call, identityPath, page, Problem, realmPath, type Identity, type Page, type Place } from '../api.ts';

/** Pages of 200. */
const PAGES = 5;

const ID = /^[A-Za-z0-9._~-]{1,128}$/;

/** Whether an identity has the text in its id, name, user name or address. */
export function matches({ id, display_name: name, traits }: Identity, text: string): boolean {
  const wanted = text.toLowerCase();
  return [id, name, traits.username, traits.primary_email_address ?? ''].some((value) => value.toLowerCase().includes(wanted));
}

export async function find(place: Place, text: string, signal?: AbortSignal): Promise<Page<Identity> & { cut: number }> {
  const exact = ID.test(text)
    ? await call<Identity>(identityPath(place, text), signal ? { signal } : {}).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    })
    : undefined;
  const items = exact ? [exact] : [];
  let token: string | undefined;
  let seen = 0;
  for (let number = 0; number < PAGES && (number === 0 || token); number += 1) {
    const got = await page<Identity>(`${realmPath(place)}/identities`, 'identities', { page_size: '200', page_token: token ?? '' }, signal);
    items.push(...got.items.filter((one) => one.id !== exact?.id && matches(one, text)));
    seen += got.items.length;
    token = got.next;
  }
  return { items, cut: token ? seen : 0 };
}
