// Pages by address. Links are real links; a plain click on one changes the page without a load.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { Place } from './api.ts';

const CHANGED = 'bindery-navigated';

export function go(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  dispatchEvent(new Event(CHANGED));
  if (!replace) {
    scrollTo(0, 0);
    // Whoever hears the page is told of the new one.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }));
  }
}

export function useAddress(): URL {
  const [href, setHref] = useState(location.href);
  useEffect(() => {
    const changed = () => setHref(location.href);
    addEventListener('popstate', changed);
    addEventListener(CHANGED, changed);
    return () => {
      removeEventListener('popstate', changed);
      removeEventListener(CHANGED, changed);
    };
  }, []);
  return new URL(href);
}

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
