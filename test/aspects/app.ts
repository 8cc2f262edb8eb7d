import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, type Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** CDK's report when it refuses an app; under test it is the message of the error. */
export function refusal(app: App): string {
  try {
    app.synth();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

/** A resource for the controls of the fixtures. */
export const door = (scope: IConstruct, id: string, properties: Record<string, unknown> = {}) =>
  new CfnResource(scope as Stack, id, { type: 'Toy::House::Door', properties }); // any construct may be a scope

/** The properties of a synthesised resource. */
export function propertiesOf(app: App, stack: string, logicalId: string) {
  return app.synth().getStackByName(stack).template.Resources[logicalId].Properties;
}

/** An app that writes no files into the checkout. */
export const newApp = () => new App({ analyticsReporting: false });

interface WrittenReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly {
      readonly severity: string;
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
    readonly suppressedViolations?: readonly { readonly ruleName: string; readonly reason?: string }[];
  }[];
}

/** CDK's report in the cloud assembly, after a passed or a refused synthesis. */
export function reports(app: App): WrittenReport['pluginReports'] {
  refusal(app);
  const file = join(app.outdir, 'validation-report.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as WrittenReport).pluginReports : []; // CDK's format
}

/** Evenkeel's findings in that report, each as `severity rule path`. */
export const found = (app: App): string[] =>
  reports(app)
    .filter(({ pluginName }) => pluginName === 'Evenkeel')
    .flatMap(({ violations }) => violations)
    .flatMap(({ severity, ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${severity} ${ruleName} ${constructPath}`),
    )
    .sort();
