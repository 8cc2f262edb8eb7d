import { Aspects, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import { ComplianceAspect } from '../../aspects/compliance-aspect.ts';
import { appOf, example, HUB, MEMBER } from './synth.ts';

it('the stacks', () => {
  const app = appOf(
    example({
      accounts: { [HUB]: { regions: ['eu-west-1'], recorder: 'create' }, [MEMBER]: { regions: ['eu-west-1'] } },
    }),
  );
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app) as IPolicyValidationPlugin);
  Aspects.of(app).add(new ComplianceAspect());
  app.synth();
  expect(process.exitCode).toBeFalsy();
});
