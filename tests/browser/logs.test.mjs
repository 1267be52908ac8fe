// The console of a deployed stack, which has no list of events: it leads to the logs.

import assert from 'node:assert/strict';

import { at, enter, heading, look, operate } from './operator.mjs';

operate('a deployed console leads to the saved queries of failed requests', async (operator) => {
  const { page } = operator;
  await page.route('**/console/settings.json', async (route) => {
    const settings = await (await route.fetch()).json();
    await route.fulfill({ json: { ...settings, local: false, logs: { region: 'eu-central-1', stack: 'acme' } } });
  });
  await enter(operator, '/events');
  await heading(operator, 'Events');
  await page.getByText('acme/failed-requests').waitFor();
  const link = page.getByRole('link', { name: 'Open CloudWatch Logs Insights' });
  assert.equal(await link.getAttribute('href'), 'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:logs-insights');
  await look(operator, 'events-deployed');
  await page.getByRole('main').getByRole('link', { name: 'Jobs' }).click();
  await page.waitForURL(at('/jobs'));
});
