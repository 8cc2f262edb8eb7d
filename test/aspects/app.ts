import { App, CfnResource, type Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** What CDK says when it refuses an app: the whole report, which under test stands in the error. */
export function refusal(app: App): string {
  try {
    app.synth();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

/** A door of the toys' controls. */
export const door = (scope: IConstruct, id: string, properties: Record<string, unknown> = {}) =>
  new CfnResource(scope as Stack, id, { type: 'Toy::House::Door', properties }); // any construct may be a scope

/** The properties of a synthesised resource. */
export function propertiesOf(app: App, stack: string, logicalId: string) {
  return app.synth().getStackByName(stack).template.Resources[logicalId].Properties;
}

/** An app that writes nothing into the checkout. */
export const newApp = () => new App({ analyticsReporting: false });
