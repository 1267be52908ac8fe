// A real browser with visitors, each with a profile and a device of their own.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import axe from 'axe-core';
import { chromium } from 'playwright-core';

import { PATIENCE } from './stack.mjs';

const EXECUTABLE = process.env.CHROMIUM || '/usr/bin/chromium';
const SCREENSHOTS = fileURLToPath(new URL('screenshots/', import.meta.url));
const HEIGHTS = { 390: 844, 1280: 800, 1920: 1080 };
const SCHEMES = ['light', 'dark'];

// Only the local network; the browser's own services are disabled.
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

// Playwright creates a user-data-dir for it, and removes it afterwards.
export function launch() {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS, timeout: PATIENCE });
}

export class Visitor {
  // Errors that must never occur: script errors, console errors, CSP violations.
  problems = [];
  // Requests that failed or got an error. The browser's console reports them as errors too.
  failedLoads = [];

  static async arrive(browser, options = {}) {
    const visitor = new Visitor();
    visitor.context = await browser.newContext({ viewport: { width: 1280, height: HEIGHTS[1280] }, ...options });
    visitor.context.setDefaultTimeout(PATIENCE);
    const page = await visitor.context.newPage();
    visitor.page = page;
    page.on('pageerror', (error) => visitor.problems.push(`${error}`));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const list = message.text().startsWith('Failed to load resource') ? visitor.failedLoads : visitor.problems;
      list.push(`${message.text()} (${message.location().url})`);
    });
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        console.error(`CSP: ${violatedDirective} stopped ${blockedURI}`);
      });
    });
    visitor.device = await Device.plugIn(page);
    return visitor;
  }

  leave() {
    return this.context.close();
  }

  // Opens a link and waits for the page's state.
  async open(link, state = 'ready') {
    const response = await this.page.goto(link);
    await this.sees(state);
    return response;
  }

  // Follows a link like a click on it: a navigation that a user started.
  async follow(link) {
    await this.page.goto('about:blank');
    await this.page.evaluate((href) => {
      document.body.append(Object.assign(document.createElement('a'), { href, textContent: 'The link' }));
    }, link);
    await this.page.getByRole('link', { name: 'The link' }).click();
    await this.page.waitForURL((url) => url.protocol !== 'about:');
  }

  async click(id) {
    await this.page.locator(`#${id}`).click();
  }

  // Waits for a state of the hosted page.
  async sees(state) {
    const shown = this.page.locator(`html[data-state="${state}"]`);
    await shown.waitFor({ state: 'attached' }).catch(async (error) => {
      const root = this.page.locator('html');
      const now = await root.getAttribute('data-state', { timeout: 1000 }).catch(() => undefined);
      throw new Error(`the page should be in the state ${state}, and is in ${now} at ${this.page.url()}`, { cause: error });
    });
  }

  // Waits for the result that the sample app shows: COMPLETE, or an error's code.
  async gets(outcome) {
    const shown = this.page.locator('html[data-outcome]');
    await shown.waitFor({ state: 'attached' });
    assert.equal(await shown.getAttribute('data-outcome'), outcome);
  }

  // The id of the focused element.
  focused() {
    return this.page.evaluate(() => document.activeElement?.id);
  }

  // Screenshots of the page on a phone and on a desktop, in light and dark mode, and axe's findings at the narrowest
  // width in light mode and at the widest in both.
  async inspect(name, widths = [390, 1280]) {
    const findings = [];
    for (const colorScheme of SCHEMES) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const width of widths) {
        await this.page.setViewportSize({ width, height: HEIGHTS[width] });
        await this.shoot(`${name}-${width}-${colorScheme}`);
        if (width !== widths.at(-1) && (width !== widths[0] || colorScheme !== 'light')) continue;
        findings.push(...(await this.#accessibility()).map((finding) => `${name}, ${width} px, ${colorScheme}: ${finding}`));
      }
    }
    this.problems.push(...findings);
  }

  shoot(name) {
    return this.page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: true, animations: 'disabled' });
  }

  async #accessibility() {
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run());
    return violations.map(({ id, impact, help, nodes }) => `${id} (${impact}): ${help}: ${nodes.map(({ html }) => html).join(' ')}`);
  }
}

// A platform authenticator (fingerprint, face), simulated by the browser.
class Device {
  #session;
  #id;

  static async plugIn(page) {
    const device = new Device();
    device.#session = await page.context().newCDPSession(page);
    await device.#session.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    };
    const { authenticatorId } = await device.#session.send('WebAuthn.addVirtualAuthenticator', { options });
    device.#id = authenticatorId;
    return device;
  }

  // Whether user verification succeeds from now on.
  verifiesUser(isUserVerified) {
    return this.#session.send('WebAuthn.setUserVerified', { authenticatorId: this.#id, isUserVerified });
  }

  // Whether its user touches it from now on. Until then a dialogue waits, as does an offer in autofill.
  isTouched(enabled) {
    return this.#session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: this.#id, enabled });
  }

  // Removes the authenticator, as on a machine without one.
  unplug() {
    return this.#session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: this.#id });
  }

  async credentials() {
    return (await this.#session.send('WebAuthn.getCredentials', { authenticatorId: this.#id })).credentials;
  }
}
