// Firefox and WebKitGTK, driven by WebDriver: Debian's browsers, which Playwright cannot drive.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import axe from 'axe-core';
import { Builder, By, Capabilities, error } from 'selenium-webdriver';
import { VirtualAuthenticatorOptions } from 'selenium-webdriver/lib/virtual_authenticator.js';

import { PATIENCE, until } from '../stack.mjs';

const SCREENSHOTS = fileURLToPath(new URL('../screenshots/', import.meta.url));
const GECKODRIVER = fileURLToPath(new URL('../../tools/geckodriver', import.meta.url));

// The local network only: nothing of the browser's own.
const FIREFOX = {
  binary: process.env.FIREFOX || '/usr/bin/firefox-esr',
  args: ['-headless'],
  prefs: {
    'app.normandy.enabled': false,
    'browser.region.network.url': '',
    'messaging-system.rsexperimentloader.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'services.settings.server': 'data:,#disabled',
    // WebDriver's virtual authenticators instead of the USB ports.
    'security.webauth.webauthn_enable_softtoken': true,
    'security.webauth.webauthn_enable_usbtoken': false,
  },
};

const [MINI_BROWSER] = globSync('/usr/lib/*/webkit2gtk-4.*/MiniBrowser');

export class Engine {
  #processes = [];
  #folder;

  // Firefox, with a platform authenticator that the browser simulates.
  static async firefox() {
    const engine = new Engine();
    engine.name = 'firefox';
    engine.hasPasskeys = true;
    const port = await freePort();
    const program = execFileSync(GECKODRIVER, { encoding: 'utf8' }).trim();
    engine.#run(program, ['--port', `${port}`, '--log', 'fatal'], {});
    await engine.#connect(port, { browserName: 'firefox', 'moz:firefoxOptions': FIREFOX });
    const device = new VirtualAuthenticatorOptions();
    device.setTransport('internal');
    device.setHasResidentKey(true);
    device.setHasUserVerification(true);
    device.setIsUserVerified(true);
    await engine.driver.addVirtualAuthenticator(device);
    return engine;
  }

  // WebKitGTK's MiniBrowser, on a screen in memory. WebKitGTK has no WebAuthn.
  static async webkit() {
    assert.ok(MINI_BROWSER, 'WebKitGTK is missing (Debian: apt-get install webkit2gtk-driver)');
    const engine = new Engine();
    engine.name = 'webkit';
    engine.hasPasskeys = false;
    const screen = engine.#run('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {}, 'pipe');
    const [display] = await once(screen.stdio[3], 'data');
    const port = await freePort();
    engine.#run('WebKitWebDriver', [`--port=${port}`], { DISPLAY: `:${String(display).trim()}`, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' });
    const options = { binary: MINI_BROWSER, args: ['--automation'] };
    await engine.#connect(port, { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options });
    return engine;
  }

  #run(program, args, env, third = 'ignore') {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'engine-'));
    const options = { stdio: ['ignore', 'ignore', 'ignore', third], env: { ...process.env, HOME: this.#folder, ...env } };
    const child = spawn(program, args, options);
    child.once('error', ({ message }) => { throw new Error(`${program} cannot run: ${message}`); });
    // It does not outlive the tests, however they end.
    process.once('exit', () => child.kill('SIGKILL'));
    this.#processes.push(child);
    return child;
  }

  async #connect(port, capabilities) {
    const server = `http://127.0.0.1:${port}`;
    await until('the driver is ready', () => fetch(`${server}/status`).then(({ ok }) => ok, () => false));
    const builder = new Builder().usingServer(server).withCapabilities(new Capabilities(capabilities)).disableEnvironmentOverrides();
    this.driver = await builder.build();
    await this.driver.manage().setTimeouts({ pageLoad: PATIENCE, script: PATIENCE });
  }

  async stop() {
    await this.driver?.quit().catch(() => {});
    for (const child of this.#processes.reverse()) {
      const gone = child.exitCode === null && child.signalCode === null && once(child, 'exit');
      if (child.kill('SIGTERM')) await gone;
    }
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  go(address) {
    return this.driver.get(address);
  }

  // Waits for an element that is visible, and does something with it: a CSS selector, or an XPath that begins with //. An
  // element that the page replaces meanwhile is found again.
  async see(selector, use = () => {}) {
    const by = selector.startsWith('//') ? By.xpath(selector) : By.css(selector);
    await until(`${selector} is visible in ${this.name}`, async () => {
      try {
        const [element] = await this.driver.findElements(by);
        if (!element || !(await element.isDisplayed())) return false;
        await use(element);
        return true;
      } catch (failure) {
        if (failure instanceof error.StaleElementReferenceError) return false;
        throw failure;
      }
    });
  }

  click(selector) {
    return this.see(selector, (element) => element.click());
  }

  // Waits for an attribute of the root element, such as the hosted page's data-state.
  async root(attribute, value) {
    const read = () => this.driver.executeScript('return document.documentElement.getAttribute(arguments[0])', attribute);
    let now;
    await until(`${attribute} is ${value}`, async () => (now = await read()) === value)
      .catch(({ message }) => { throw new Error(`${message}: it is ${now} in ${this.name}`); });
  }

  url() {
    return this.driver.getCurrentUrl();
  }

  run(script, ...values) {
    return this.driver.executeScript(script, ...values);
  }

  // A picture of the page, and no finding of axe, on a phone and on a desk.
  async inspect(name) {
    await mkdir(SCREENSHOTS, { recursive: true });
    for (const width of [500, 1280]) {
      await this.driver.manage().window().setRect({ width, height: 900 });
      await this.driver.executeAsyncScript('setTimeout(() => requestAnimationFrame(arguments[0]), 200)');
      const shot = await this.driver.takeScreenshot();
      await writeFile(`${SCREENSHOTS}${this.name}-${name}-${width}.png`, Buffer.from(shot, 'base64'));
    }
    await this.run(axe.source);
    const findings = await this.run(`return axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`);
    assert.deepEqual(findings, [], `${name} in ${this.name}`);
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
