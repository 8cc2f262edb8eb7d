import { type ConfigRule, ConfigService } from '@aws-sdk/client-config-service';
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { RDS } from '@aws-sdk/client-rds';
import { S3 } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../../sandbox/gateway/config/region-state.ts';
import { alice, type GatewaySetup, root, startGatewayOnFakes } from './fake-emulators.ts';

const BLOCK = {
  ConfigRuleName: 'block',
  Source: { Owner: 'AWS', SourceIdentifier: 'S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED' },
  Scope: { ComplianceResourceTypes: ['AWS::S3::Bucket'] },
} satisfies ConfigRule;
const OWN = {
  ConfigRuleName: 'own',
  InputParameters: '{"ports":"22"}',
  Source: {
    Owner: 'CUSTOM_LAMBDA',
    SourceIdentifier: 'arn:aws:lambda:eu-west-1:111111111111:function:evaluate',
    SourceDetails: [{ EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' }],
  },
  Scope: { ComplianceResourceTypes: ['AWS::S3::Bucket'] },
} satisfies ConfigRule;

let setup: GatewaySetup;
let verdict: Verdict;
let clock: number;
let config: ConfigService;

beforeEach(async () => {
  verdict = 'NON_COMPLIANT';
  clock = Date.parse('2026-01-01T00:00:00Z');
  setup = await startGatewayOnFakes(
    {
      ministack: ({ headers, body }) => {
        if (headers['x-amz-target']) return { body: '{}' };
        const user = '<GetUserResponse><UserId>AIDABOB</UserId></GetUserResponse>';
        return { body: body.includes('Action=GetUser') ? user : '<Response/>' };
      },
      moto: () => ({ body: '<Response><DbiResourceId>db-ABC</DbiResourceId></Response>' }),
    },
    { managedVerdict: async () => verdict, now: () => (clock += 1000) },
  );
  config = new ConfigService(root(setup));
});
afterEach(() => setup.stop());

async function change(Bucket = 'b') {
  await new S3(alice(setup)).deletePublicAccessBlock({ Bucket });
  await setup.gateway.settled();
}

const compliance = () => setup.events.filter(({ detailType }) => detailType === 'Config Rules Compliance Change');
const invocations = () =>
  setup.ministack
    .filter(({ path }) => path.includes('/functions/evaluate/invocations'))
    .map(({ body }) => JSON.parse(body));

describe('a managed rule', () => {
  beforeEach(() => config.putConfigRule({ ConfigRule: BLOCK }));

  it('is evaluated on a change, and publishes a changed verdict', async () => {
    await change();
    await change();
    verdict = 'COMPLIANT';
    await change();
    expect(compliance().map(({ detail }) => detail)).toMatchObject([
      {
        resourceId: 'b',
        resourceType: 'AWS::S3::Bucket',
        awsRegion: 'eu-west-1',
        awsAccountId: '111111111111',
        configRuleName: 'block',
        messageType: 'ComplianceChangeNotification',
        recordVersion: '1.0',
        newEvaluationResult: {
          complianceType: 'NON_COMPLIANT',
          evaluationResultIdentifier: {
            evaluationResultQualifier: {
              configRuleName: 'block',
              resourceType: 'AWS::S3::Bucket',
              resourceId: 'b',
              evaluationMode: 'DETECTIVE',
            },
          },
        },
      },
      {
        newEvaluationResult: { complianceType: 'COMPLIANT' },
        oldEvaluationResult: { complianceType: 'NON_COMPLIANT' },
      },
    ]);
    expect(compliance()[0]?.detail).not.toHaveProperty('oldEvaluationResult');
  });

  it('returns its verdicts by rule and by resource', async () => {
    await change();
    const byRule = await config.getComplianceDetailsByConfigRule({ ConfigRuleName: 'block' });
    expect(byRule.EvaluationResults?.[0]).toMatchObject({ ComplianceType: 'NON_COMPLIANT' });
    const byResource = await config.getComplianceDetailsByResource({
      ResourceType: 'AWS::S3::Bucket',
      ResourceId: 'b',
      ComplianceTypes: ['COMPLIANT'],
    });
    expect(byResource.EvaluationResults).toEqual([]);
    const rules = await config.describeComplianceByConfigRule({});
    expect(rules.ComplianceByConfigRules?.[0]?.Compliance).toMatchObject({ ComplianceType: 'NON_COMPLIANT' });
  });

  it('drops a deleted resource, and evaluates nothing after its own deletion', async () => {
    await change();
    await new S3(alice(setup)).deleteBucket({ Bucket: 'b' });
    await setup.gateway.settled();
    expect(compliance().at(-1)?.detail.newEvaluationResult).toMatchObject({ complianceType: 'NOT_APPLICABLE' });
    await config.deleteConfigRule({ ConfigRuleName: 'block' });
    await change('c');
    expect(compliance()).toHaveLength(2);
    await expect(config.describeConfigRules({ ConfigRuleNames: ['block'] })).rejects.toThrow(
      expect.objectContaining({ name: 'NoSuchConfigRuleException' }),
    );
  });

  it('is evaluated again on request, at most once a minute', async () => {
    await change();
    verdict = 'COMPLIANT';
    await config.startConfigRulesEvaluation({ ConfigRuleNames: ['block'] });
    await setup.gateway.settled();
    expect(compliance().at(-1)?.detail.newEvaluationResult).toMatchObject({ complianceType: 'COMPLIANT' });
    await expect(config.startConfigRulesEvaluation({ ConfigRuleNames: ['block'] })).rejects.toThrow(
      expect.objectContaining({ name: 'LimitExceededException' }),
    );
    clock += 60_000;
    await config.startConfigRulesEvaluation({ ConfigRuleNames: ['block'] });
    await expect(config.startConfigRulesEvaluation({ ConfigRuleNames: Array(26).fill('block') })).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationException' }),
    );
  });

  it('with a schedule ignores changes, and is evaluated on creation and on request', async () => {
    const rule = (name: string, identifier: string) =>
      config.putConfigRule({
        ConfigRule: { ConfigRuleName: name, Source: { Owner: 'AWS', SourceIdentifier: identifier } },
      });
    await rule('passwords', 'IAM_PASSWORD_POLICY');
    await rule('rotation', 'CMK_BACKING_KEY_ROTATION_ENABLED');
    await new KMS(alice(setup)).disableKeyRotation({ KeyId: 'k' });
    await setup.gateway.settled();
    const changes = () =>
      compliance().map(({ detail }) => [detail.configRuleName, detail.resourceType, detail.resourceId]);
    const passwords = ['passwords', 'AWS::::Account', '111111111111'];
    expect(changes()).toEqual([passwords]);
    await config.startConfigRulesEvaluation({ ConfigRuleNames: ['rotation'] });
    await setup.gateway.settled();
    expect(changes()).toEqual([passwords, ['rotation', 'AWS::KMS::Key', 'k']]);
  });
});

describe('a custom rule', () => {
  beforeEach(() => config.putConfigRule({ ConfigRule: OWN }));

  it('invokes its function with the documented event, and accepts its verdicts by token', async () => {
    await change();
    const [event] = invocations();
    expect(event).toMatchObject({
      version: '1.0',
      ruleParameters: '{"ports":"22"}',
      eventLeftScope: false,
      configRuleName: 'own',
      accountId: '111111111111',
    });
    expect(JSON.parse(event.invokingEvent)).toMatchObject({
      messageType: 'ConfigurationItemChangeNotification',
      configurationItem: {
        resourceType: 'AWS::S3::Bucket',
        resourceId: 'b',
        configurationItemStatus: 'OK',
        awsRegion: 'eu-west-1',
        awsAccountId: '111111111111',
      },
    });
    const evaluation = {
      ComplianceResourceType: 'AWS::S3::Bucket',
      ComplianceResourceId: 'b',
      ComplianceType: 'NON_COMPLIANT',
      Annotation: 'open',
      OrderingTimestamp: new Date(clock),
    } as const;
    const put = { ResultToken: event.resultToken, Evaluations: [evaluation] };
    await config.putEvaluations({ ...put, TestMode: true });
    expect(compliance()).toEqual([]);
    await config.putEvaluations(put);
    expect(compliance()[0]?.detail).toMatchObject({
      configRuleName: 'own',
      newEvaluationResult: { complianceType: 'NON_COMPLIANT', annotation: 'open' },
    });
    const late = { ...evaluation, ComplianceType: 'COMPLIANT', OrderingTimestamp: new Date(0) } as const;
    await config.putEvaluations({ ResultToken: event.resultToken, Evaluations: [late] });
    expect(compliance()).toHaveLength(1);
    await expect(config.putEvaluations({ ...put, ResultToken: 'made up' })).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidResultTokenException' }),
    );
  });
});

describe('the recorder', () => {
  it('omits IAM by default, and finds a user by AWS Config’s id if it records IAM', async () => {
    await new IAM(alice(setup)).updateAccessKey({ UserName: 'bob', AccessKeyId: 'AKIABOB', Status: 'Active' });
    await setup.gateway.settled();
    const ask = () => config.listDiscoveredResources({ resourceType: 'AWS::IAM::User', resourceIds: ['AIDABOB'] });
    expect((await ask()).resourceIdentifiers).toEqual([]);
    await config.putConfigurationRecorder({
      ConfigurationRecorder: {
        name: 'default',
        recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      },
    });
    expect((await ask()).resourceIdentifiers).toEqual([
      { resourceType: 'AWS::IAM::User', resourceId: 'AIDABOB', resourceName: 'bob' },
    ]);
  });

  it('finds an RDS instance by its resource id, with three operations', async () => {
    await new RDS(alice(setup)).modifyDBInstance({ DBInstanceIdentifier: 'orders', PubliclyAccessible: true });
    await setup.gateway.settled();
    const key = { resourceType: 'AWS::RDS::DBInstance', resourceId: 'db-ABC' } as const;
    const backlog = await config.batchGetResourceConfig({ resourceKeys: [key, { ...key, resourceId: 'db-NO' }] });
    expect(backlog.baseConfigurationItems?.[0]?.resourceName).toBe('orders');
    expect(backlog.unprocessedResourceKeys).toEqual([{ ...key, resourceId: 'db-NO' }]);
    const history = await config.getResourceConfigHistory(key);
    expect(history.configurationItems?.[0]?.resourceName).toBe('orders');
    const Expression = `SELECT resourceName WHERE resourceType = 'AWS::RDS::DBInstance' AND resourceId = 'db-ABC'`;
    const selected = await config.selectResourceConfig({ Expression });
    expect(selected.Results).toEqual(['{"resourceName":"orders"}']);
  });

  it('exists once for each account and region', async () => {
    await expect(config.putConfigurationRecorder({ ConfigurationRecorder: { name: 'another' } })).rejects.toThrow(
      expect.objectContaining({ name: 'MaxNumberOfConfigurationRecordersExceededException' }),
    );
  });

  it('is required for rules and evaluations', async () => {
    await config.putConfigRule({ ConfigRule: BLOCK });
    await config.deleteConfigurationRecorder({ ConfigurationRecorderName: 'default' });
    await change();
    expect(compliance()).toEqual([]);
    await expect(config.putConfigRule({ ConfigRule: BLOCK })).rejects.toThrow(
      expect.objectContaining({ name: 'NoAvailableConfigurationRecorderException' }),
    );
    expect((await config.describeConfigurationRecorderStatus({})).ConfigurationRecordersStatus).toEqual([]);
  });
});
