// The realm's logo and colours, if they are legible.

import type { Theme } from '../../../../shared/sdk/src/wire.js';
import { $ } from './dom.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Applies the theme for light or dark mode, and again when the mode changes. */
export function dress(theme: Theme, name: string): void {
  const now = () => {
    showLogo(theme, name);
    colourButton(theme);
  };
  now();
  dark.addEventListener('change', now);
}

function showLogo({ logo_url_light, logo_url_dark }: Theme, name: string): void {
  const logo = $('logo') as HTMLImageElement;
  const wanted = dark.matches ? logo_url_dark : logo_url_light;
  logo.src = wanted || logo_url_light || logo_url_dark || '';
  logo.alt = name;
  logo.classList.toggle('plate', !wanted);
  logo.hidden = !logo.getAttribute('src');
}

/** A realm's colours are used only if its button is legible (WCAG AA). */
function colourButton({ button_color: ground, button_text_color: ink }: Theme): void {
  if (!(contrast(ground, ink) >= 4.5)) return;
  const { style } = document.documentElement;
  style.setProperty('--button', ground);
  style.setProperty('--button-text', ink);
  // A button in the colour of the card would have no visible shape, so it gets a border.
  const card = dark.matches ? '#161d2d' : '#ffffff';
  style.setProperty('--button-edge', contrast(ground, card) < 1.5 ? ink : 'transparent');
}

function contrast(one: string, other: string): number {
  const [low = NaN, high = NaN] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Relative luminance as WCAG defines it; NaN for an invalid colour, so that no contrast is sufficient. */
function luminance(colour: string): number {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return NaN;
  const part = (at: number) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
