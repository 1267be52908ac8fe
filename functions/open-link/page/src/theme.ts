// The realm's logo and colours, if they are legible.

import type { Theme } from '../../../../shared/sdk/src/wire.js';
import { $ } from './dom.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Applies the theme for light or dark mode, and again when the mode changes. */
export function dress(theme: Theme, name: string): void {
  const now = () => showLogo(theme, name);
  now();
  dark.addEventListener('change', now);
  colourButton(theme);
}

function showLogo({ logo_url_light, logo_url_dark }: Theme, name: string): void {
  const logo = $('logo') as HTMLImageElement;
  const wanted = dark.matches ? logo_url_dark : logo_url_light;
  logo.src = wanted || logo_url_light || logo_url_dark || '';
  logo.alt = name;
  logo.classList.toggle('plate', !wanted);
  logo.hidden = !logo.getAttribute('src');
}

/** The server sends only colours with sufficient contrast. */
function colourButton({ button_color: ground, button_text_color: ink }: Theme): void {
  if (!ground) return;
  const { style } = document.documentElement;
  style.setProperty('--button', ground);
  style.setProperty('--button-text', ink);
  // A button in the colour of the card would have no visible shape.
  style.setProperty('--button-edge', 'color-mix(in srgb, currentcolor 35%, transparent)');
}
