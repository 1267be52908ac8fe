import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

import { Bindery } from './bindery.js';

const template = readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8');
const section = (name) => template.split(`\n${name}:\n`)[1].split(/\n(?=\S)/)[0];
const names = (name) => [...section(name).matchAll(/^ {2}(\w+):$/gm)].map(([, found]) => found);

const templateUrl = 'https://releases.s3.eu-central-1.amazonaws.com/bindery/bindery.yaml';
const parameters = {
  PublicUrl: 'https://bind.example.com', DomainName: 'bind.example.com', TenantId: 'acme', SenderAddress: 'no-reply@example.com',
};

test('an app with Bindery synthesizes to a stack with a nested one', () => {
  const app = new App();
  const stack = new Stack(app, 'Identity');
  const bindery = new Bindery(stack, 'Bindery', { templateUrl, parameters });
  new CfnOutput(stack, 'Api', { value: bindery.output('ApiUrl') });
  const found = Template.fromStack(stack);
  found.hasResourceProperties('AWS::CloudFormation::Stack', { TemplateURL: templateUrl, Parameters: parameters, TimeoutInMinutes: 60 });
  const [id] = Object.keys(found.findResources('AWS::CloudFormation::Stack'));
  found.hasOutput('Api', { Value: { 'Fn::GetAtt': [id, 'Outputs.ApiUrl'] } });
  app.synth();
});

test('what the example uses is in the template', () => {
  for (const name of Object.keys(parameters)) assert.ok(names('Parameters').includes(name), name);
  for (const name of ['ApiUrl', 'BusName', 'DistributionDomain']) assert.ok(names('Outputs').includes(name), name);
});

test('an address outside S3 is rejected when the app is synthesized', () => {
  const stack = new Stack(new App(), 'Identity');
  assert.throws(() => new Bindery(stack, 'Bindery', { templateUrl: 'https://example.com/bindery.yaml', parameters }), /templateUrl/);
});
