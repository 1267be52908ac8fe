// Transfers the link to another device or browser: copied, shared, or as a QR code.

import { $, write } from './dom.js';
import { text } from './words.js';

const IN_APP = /\bFB(AN|AV|_IAB)|Instagram|\bLine\/|MicroMessenger|LinkedInApp|Twitter|Snapchat|Pinterest|BytedanceWebview|musical_ly|; wv\)|iP(hone|od|ad)(?!.*Safari\/)/;

/** Whether this is the browser inside another app. Such browsers seldom create passkeys. */
export const isInApp = (): boolean => IN_APP.test(navigator.userAgent);

/** Connects the buttons with this link. */
export function prepare(url: string): void {
  const field = $('link-text') as HTMLInputElement;
  const say = (words: string) => write($('told'), words);

  $('copy').onclick = async () => {
    let copied = false;
    try {
      await navigator.clipboard.writeText(url);
      copied = true;
    } catch {
      field.value = url;
      field.hidden = false;
      field.select();
      copied = document.execCommand('copy');
    }
    field.hidden = copied;
    say(copied ? text.copied : text.byHand);
  };

  $('share').hidden = !navigator.share;
  $('share').onclick = () => navigator.share({ url }).catch(() => {}); // the user closed the dialogue

  $('show-qr').onclick = async () => {
    try {
      const { draw } = await import(`${location.origin}/bind/qr.js`);
      $('qr').replaceChildren(draw(url, text.qr));
      $('show-qr').hidden = true;
      say(text.scan);
    } catch {
      say(text.noQr);
    }
  };
}
