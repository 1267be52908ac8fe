// Finds identities: by a text, which may be a part of their names, and by status.

import { call, identityPath, page, Problem, realmPath, type Identity, type Page, type Place } from '../api.ts';

/** How many pages of a filtered list are read at once. Each reads 2000 identities at most. */
const PAGES = 5;
/** How many identities a page of a filtered list reads. */
const READ = 2000;
/** When so many are found, no more are read. */
const ENOUGH = 100;

const ID = /^[A-Za-z0-9._~-]{1,128}$/;
const ATTRIBUTES = ['id', 'display_name', 'external_id', 'traits.username', 'traits.primary_email_address'];

/** The filter for identities that contain the text, and have these values (SCIM, RFC 7644 §3.4.2.2). */
export function identityFilter(text: string, equal: Record<string, string> = {}): string {
  const contains = text ? [`(${ATTRIBUTES.map((name) => `${name} co ${JSON.stringify(text)}`).join(' or ')})`] : [];
  return [...contains, ...Object.entries(equal).filter(([, value]) => value).map(([name, value]) => `${name} eq ${JSON.stringify(value)}`)].join(' and ');
}

export interface Found extends Page<Identity> {
  /** How many identities were searched, if there are more; else 0. */
  cut: number;
}

/** Searches the newest identities, `rounds` times 10 000 of them. One whose id is the text is always found. */
export async function find(place: Place, text: string, filter: string, rounds: number, signal?: AbortSignal): Promise<Found> {
  const byId = async (): Promise<Identity[]> => {
    if (!ID.test(text) || text === '-') return [];
    return [await call<Identity>(identityPath(place, text), signal ? { signal } : {})];
  };
  const one = byId().catch((error: unknown) => {
    if (error instanceof Problem && error.status === 404) return [];
    throw error;
  });
  const search = async () => {
    const items: Identity[] = [];
    let token: string | undefined;
    let number = 0;
    while (number < rounds * PAGES && items.length < ENOUGH * rounds && (number === 0 || token)) {
      const got = await page<Identity>(`${realmPath(place)}/identities`, 'identities', { page_size: '200', page_token: token ?? '', filter }, signal);
      items.push(...got.items);
      token = got.next;
      number += 1;
    }
    return { items, cut: token ? number * READ : 0 };
  };
  const [byItsId, { items, cut }] = await Promise.all([one, search()]);
  return { items: [...new Map([...byItsId, ...items].map((one) => [one.id, one])).values()], cut };
}
