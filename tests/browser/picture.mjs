// Takes the screenshot in README.md: the mail, the hosted page and the console's page of one job. Run it after their
// look changes (needs cargo build -p local): node tests/browser/picture.mjs [FILE], by default
// docs/images/enrolment.png.

import { fileURLToPath } from 'node:url';

import { launch, Visitor } from './browser.mjs';
import { Stack, until } from './stack.mjs';

const TARGET = process.argv[2] ?? fileURLToPath(new URL('../../docs/images/enrolment.png', import.meta.url));
const PHONE = { width: 390, height: 640 };
const DESK = { width: 1000, height: 640 };

const stack = await Stack.start();
const browser = await launch();
try {
  await stack.putRealm({ display_name: 'Example Ltd' });
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'EMAIL' });
  const [mail] = await until('the mail arrives', async () => {
    const mails = await stack.mail();
    return mails.length > 0 && mails;
  });
  const [link] = mail.text.match(/http:\/\/localhost:\d+\/bind#\S+/);

  const user = await Visitor.arrive(browser, { viewport: PHONE });
  await user.page.setContent(mail.html);
  const shots = [await user.page.screenshot()];
  await user.open(link);
  shots.push(await user.page.screenshot());
  await user.click('create');
  await user.sees('done');

  const operator = await Visitor.arrive(browser, { viewport: DESK });
  const address = `${stack.base}/console/demo/demo/jobs/ada/${job.id}`;
  await operator.page.goto(address);
  await operator.page.locator('#sign-in').click();
  await operator.page.locator('#all').click();
  await operator.page.waitForURL(address);
  await operator.page.locator('.progress[data-state="COMPLETE"]').waitFor();
  shots.push(await operator.page.screenshot());

  const images = shots.map((shot) => `<img src="data:image/png;base64,${shot.toString('base64')}">`);
  const style = 'body { display: flex; gap: 16px; margin: 16px; background: #e8eaee } img { height: 640px; border-radius: 8px }';
  const sheet = await operator.context.newPage();
  await sheet.setViewportSize({ width: 2 * PHONE.width + DESK.width + 64, height: PHONE.height + 32 });
  await sheet.setContent(`<style>${style}</style>${images.join('')}`);
  await sheet.screenshot({ path: TARGET });
} finally {
  await browser.close();
  await stack.stop();
}
