import type { CfnStack, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface BinderyProps {
  /** The address that `infra/publish` printed. */
  readonly templateUrl: string;
  /** The template's parameters (docs/deploy.md), such as `PublicUrl`. */
  readonly parameters: Record<string, string>;
  /** How long CloudFormation may take. Default: one hour. */
  readonly timeout?: Duration;
}

/** Bindery, as a nested stack. */
export declare class Bindery extends Construct {
  constructor(scope: Construct, id: string, props: BinderyProps);
  /** The nested stack. */
  readonly stack: CfnStack;
  /** An output of the stack, such as `ApiUrl` or `BusName`: a token, which CloudFormation replaces by its value. */
  output(name: string): string;
}
