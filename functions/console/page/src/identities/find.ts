// Finds identities by a text: one by its id, some by an exact value, others among the newest.

import { call, identityPath, page, Problem, realmPath, type Identity, type Page, type Place } from '../api.ts';

/** The number of newest identities that are searched for a part of a text, in pages of 200. */
const PAGES = 5;
/** The number of pages of a filtered list, each of which reads 2000 identities. */
const FILTERED = 5;

const ID = /^[A-Za-z0-9._~-]{1,128}$/;

/** Whether an identity contains the text in its id, name, user name or address. */
export function matches({ id, display_name: name, external_id: external, traits }: Identity, text: string): boolean {
  const wanted = text.toLowerCase();
  return [id, name, traits.username, traits.primary_email_address ?? '', external ?? ''].some((value) => value.toLowerCase().includes(wanted));
}

/** Whether the text is an exact value. The API's filter has no operator for a part of one. */
export const exactly = (text: string): string =>
  ['display_name', 'external_id', 'traits.username', 'traits.primary_email_address'].map((name) => `${name} eq ${JSON.stringify(text)}`).join(' or ');

export async function find(place: Place, text: string, signal?: AbortSignal): Promise<Page<Identity> & { cut: number }> {
  const read = async (most: number, filter: string) => {
    const items: Identity[] = [];
    let token: string | undefined;
    for (let number = 0; number < most && (number === 0 || token); number += 1) {
      const got = await page<Identity>(`${realmPath(place)}/identities`, 'identities', { page_size: '200', page_token: token ?? '', filter }, signal);
      items.push(...got.items);
      token = got.next;
    }
    return { items, cut: token !== undefined };
  };
  const byId = async (): Promise<Identity[]> => {
    if (!ID.test(text) || text === '-') return [];
    return [await call<Identity>(identityPath(place, text), signal ? { signal } : {})];
  };
  const [one, newest] = await Promise.all([
    byId().catch((error: unknown) => {
      if (error instanceof Problem && error.status === 404) return [];
      throw error;
    }),
    read(PAGES, ''),
  ]);
  const older = newest.cut ? await read(FILTERED, exactly(text)) : { items: [] };
  const found = new Map([...one, ...newest.items.filter((one) => matches(one, text)), ...older.items].map((one) => [one.id, one]));
  return { items: [...found.values()], cut: newest.cut ? newest.items.length : 0 };
}
