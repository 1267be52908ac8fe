// Bindery as a construct: a nested stack from a published template (infra/publish).

import { CfnStack, Duration, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';

export class Bindery extends Construct {
  constructor(scope, id, { templateUrl, parameters, timeout = Duration.hours(1) }) {
    super(scope, id);
    if (!/^https:\/\/[^/]+\.amazonaws\.com\//.test(templateUrl)) {
      throw new Error(`templateUrl must be an address in S3 (https://BUCKET.s3.REGION.amazonaws.com/…): ${templateUrl}`);
    }
    this.stack = new CfnStack(this, 'Stack', { templateUrl, parameters, timeoutInMinutes: timeout.toMinutes() });
    Tags.of(this.stack).add('application', 'bindery');
  }

  output(name) {
    return this.stack.getAtt(`Outputs.${name}`).toString();
  }
}
