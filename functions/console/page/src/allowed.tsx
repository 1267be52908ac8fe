// What the access token allows. A button for anything else is disabled and names the missing scope.

import { createContext, type ComponentChildren } from 'preact';
import { useContext, useId } from 'preact/hooks';

import { Link } from './router.tsx';
import { grants } from './session.ts';
import { W } from './words.ts';

/** The scopes of the session's token. */
export const Scopes = createContext<string[]>([]);

export const useMay = (scope: string): boolean => grants(useContext(Scopes), scope);

interface ActionProps {
  needs: string;
  children: ComponentChildren;
  class?: string;
  type?: 'button' | 'submit';
  disabled?: boolean;
  onClick?: () => void;
  'aria-label'?: string;
  /** A link that looks like a button. */
  to?: string;
}

export function Action({ needs, children, type = 'button', to, disabled = false, ...rest }: ActionProps) {
  const may = useMay(needs);
  const id = useId();
  if (may && to) return <Link class={`button ${rest.class ?? ''}`} to={to}>{children}</Link>;
  if (may) return <button type={type} disabled={disabled} {...rest}>{children}</button>;
  return (
    <span class="barred">
      <button type="button" class={rest.class} aria-label={rest['aria-label']} disabled aria-describedby={id}>{children}</button>
      <small id={id}>{W.needs} <code>{needs}</code></small>
    </span>
  );
}
