// Draws a text as a QR code. The page loads this script on demand.

import { generate } from 'lean-qr/nano';

const NAMESPACE = 'http://www.w3.org/2000/svg';
/** The quiet zone around a code, in modules (ISO/IEC 18004). */
const QUIET = 4;

function element(name: string, attributes: Record<string, string | number>): Element {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, `${value}`);
  return made;
}

export function draw(text: string, label: string): Element {
  const code = generate(text);
  const size = code.size + 2 * QUIET;
  let path = '';
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  }
  const svg = element('svg', { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges' });
  // Dark on light in dark mode too, because many readers support nothing else.
  svg.append(element('path', { fill: '#fff', d: `M0 0h${size}v${size}H0z` }), element('path', { fill: '#000', d: path }));
  return svg;
}
