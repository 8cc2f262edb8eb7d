import type { Cases } from './cases.ts';

export const cases: Cases = {
  valid: [
    { name: 'tokens required', state: { MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' } } },
    { name: 'tokens required, endpoint not set', state: { MetadataOptions: { HttpTokens: 'required' } } },
    {
      name: 'endpoint disabled',
      state: { MetadataOptions: { HttpTokens: 'optional', HttpEndpoint: 'disabled' } },
      aws: {
        verdict: 'NON_COMPLIANT',
        source: 'https://docs.aws.amazon.com/config/latest/developerguide/ec2-imdsv2-check.html',
      },
    },
    {
      name: 'endpoint disabled, tokens not set',
      state: { MetadataOptions: { HttpEndpoint: 'disabled' } },
    },
  ],
  invalid: [
    {
      name: 'tokens optional',
      state: { MetadataOptions: { HttpTokens: 'optional', HttpEndpoint: 'enabled' } },
      violation: 'IMDSv1 is enabled: HttpTokens is not required.',
      desired: { MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' } },
    },
    {
      name: 'other options are kept',
      state: {
        MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 3, InstanceMetadataTags: 'enabled' },
      },
      violation: /HttpTokens is not required/,
      desired: {
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 3, InstanceMetadataTags: 'enabled' },
      },
    },
    {
      name: 'not set: the AMI and the account decide',
      state: {},
      violation: /IMDSv1 may be enabled/,
      desired: { MetadataOptions: { HttpTokens: 'required' } },
    },
    {
      name: 'a change that EC2 is applying',
      state: { MetadataOptions: { HttpEndpoint: 'enabled' } },
      violation: /IMDSv1 may be enabled/,
      desired: { MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' } },
    },
  ],
  live: {
    create: [
      {
        call: 'ec2:describeImages',
        input: { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*-x86_64'] }] },
        save: { image: 'Images.0.ImageId' },
      },
      {
        call: 'ec2:runInstances',
        input: {
          ImageId: '{image}',
          InstanceType: 't3.micro',
          MinCount: 1,
          MaxCount: 1,
          MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
        },
        save: { instance: 'Instances.0.InstanceId' },
      },
    ],
    break: [
      {
        call: 'ec2:modifyInstanceMetadataOptions',
        input: { InstanceId: '{instance}', HttpTokens: 'optional', HttpEndpoint: 'enabled' },
      },
    ],
    id: '{instance}',
    remove: [{ call: 'ec2:terminateInstances', input: { InstanceIds: ['{instance}'] } }],
  },
};
