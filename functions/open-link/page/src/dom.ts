// Finds elements of the page by id and writes texts into them.

export const $ = (id: string): HTMLElement => document.getElementById(id)!;
export const link = (id: string): HTMLAnchorElement => $(id) as HTMLAnchorElement;

/** Writes a text, and hides the element if it is empty. */
export function write(element: HTMLElement, content: string): void {
  element.textContent = content;
  element.hidden = content === '';
}

/** An absolute http(s) URL or nothing: no javascript:, no data:, no app scheme. */
export function webUrl(address: string | undefined): URL | undefined {
  try {
    const url = new URL(address ?? '');
    return ['https:', 'http:'].includes(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}
