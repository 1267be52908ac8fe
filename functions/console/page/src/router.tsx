// Pages by address. Links are real links; a plain click on one changes the page without a load.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { Place } from './api.ts';
import { W } from './words.ts';

const CHANGED = 'bindery-navigated';

// A page with unsaved edits asks before it is left.
let unsaved = false;
const mayLeave = (): boolean => {
  if (unsaved && !confirm(W.unsaved)) return false;
  unsaved = false;
  return true;
};

/** Warns before edits are lost: by another page of the console, a reload, or a closed tab. */
export function useUnsaved(dirty: boolean): void {
  useEffect(() => {
    unsaved = dirty;
    if (!dirty) return;
    const leave = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', leave);
    return () => {
      unsaved = false;
      removeEventListener('beforeunload', leave);
    };
  }, [dirty]);
}

/** To call once edits are saved, before going to another page. */
export function edited(): void {
  unsaved = false;
}

export function go(to: string, replace = false, state: unknown = null): void {
  if (!replace && !mayLeave()) return;
  if (replace) history.replaceState(state, '', to);
  else history.pushState(state, '', to);
  dispatchEvent(new Event(CHANGED));
  if (!replace) {
    scrollTo(0, 0);
    // Screen readers announce the new page.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }));
  }
}

export function useAddress(): URL {
  const [href, setHref] = useState(location.href);
  useEffect(() => {
    const changed = () => setHref(location.href);
    addEventListener(CHANGED, changed);
    return () => removeEventListener(CHANGED, changed);
  }, []);
  return new URL(href);
}

let here = location.href;
addEventListener(CHANGED, () => { here = location.href; });
addEventListener('popstate', () => {
  // The browser has moved already: staying means to go to the old address again.
  if (location.href !== here && !mayLeave()) history.pushState(null, '', here);
  else dispatchEvent(new Event(CHANGED));
});

interface LinkProps {
  to: string;
  class?: string;
  'aria-current'?: 'page' | undefined;
  children: ComponentChildren;
}

export function Link({ to, children, ...rest }: LinkProps) {
  const click = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={to} onClick={click}>{children}</a>;
}

const at = encodeURIComponent;

/** The address of a page of a realm. */
export const inRealm = ({ tenant, realm }: Place, ...rest: string[]): string =>
  ['/console', at(tenant), at(realm), ...rest.map(at)].join('/');

/** The segments of an address, below `/console`. */
export function segments(path: string): string[] {
  return path.split('/').slice(2).filter((part) => part !== '').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}
