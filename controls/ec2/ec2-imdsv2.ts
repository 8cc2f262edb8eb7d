import { defineControl } from '../../lib/model/control.ts';
import { liveMetadata, locateMetadata, type MetadataState } from './instance-metadata.ts';
import { listInstances, readInstance } from './instances.ts';

/** The version of the metadata service that instances answer to. */
export const ec2Imdsv2 = defineControl({
  id: 'ec2-imdsv2',
  title: 'EC2 instances require IMDSv2',
  rationale: 'With IMDSv1, one forged request by a web application hands out the credentials of the instance role.',
  severity: 'high',
  resource: 'AWS::EC2::Instance',
  scope: 'regional',
  frameworks: {
    fsbp: ['EC2.8'],
    'cis-v3': ['5.6'],
    'nist-800-53-r5': ['AC-3', 'AC-3(15)', 'AC-3(7)', 'AC-6'],
    'nist-csf-2.0': ['PR.AA-05'],
    'pci-dss-v4': ['8.2.8'],
  },
  // AWS's EC2_IMDSV2_CHECK looks at HttpTokens alone, and refuses instances whose metadata endpoint is off.
  detect: { by: 'custom-rule' },
  triggers: {
    'ec2:ModifyInstanceMetadataOptions': [
      'requestParameters.ModifyInstanceMetadataOptionsRequest.InstanceId',
      'requestParameters.instanceId',
    ],
    'ec2:RunInstances': 'responseElements.instancesSet.items.*.instanceId',
  },
  configId: 'id',
  services: ['ec2'],
  arn: 'arn:{partition}:ec2:{region}:{account}:instance/{id}',
  normalizeId: (spelling) => spelling.replace(/^arn:.*:instance\//, ''),
  check({ MetadataOptions: { HttpTokens, HttpEndpoint = 'enabled' } = {} }: MetadataState) {
    if (HttpTokens === 'required' || HttpEndpoint === 'disabled') return 'compliant';
    if (HttpEndpoint !== 'enabled') throw new Error('HttpEndpoint is neither enabled nor disabled.');
    return {
      violation:
        HttpTokens === undefined
          ? 'IMDSv1 is not ruled out: HttpTokens is not set to required.'
          : 'IMDSv1 answers without a token: HttpTokens is not required.',
    };
  },
  // No value at all counts as a violation: the image and a setting of the account would decide.
  violationExamples: [{}, { MetadataOptions: { HttpTokens: 'optional', HttpEndpoint: 'enabled' } }],
  template: { properties: ['MetadataOptions'], locate: locateMetadata },
  observe: {
    actions: ['ec2:DescribeInstances'],
    list: listInstances(liveMetadata),
    async read(clients, target) {
      const instance = await readInstance(clients, target);
      return instance && liveMetadata(instance);
    },
  },
  repair: {
    actions: ['ec2:ModifyInstanceMetadataOptions'],
    risk: 'medium',
    reversible: true,
    maxMode: 'auto',
    verifyWithin: 60,
    desired: (state) =>
      state.MetadataOptions?.HttpEndpoint === 'disabled'
        ? state
        : { MetadataOptions: { ...state.MetadataOptions, HttpTokens: 'required' } },
    async write({ ec2 }, { id }, { MetadataOptions: to }, { MetadataOptions: from }) {
      const HttpTokens = to?.HttpTokens;
      // Only the token setting: sending the endpoint as well could switch on what somebody has just switched off.
      if (HttpTokens !== from?.HttpTokens && (HttpTokens === 'required' || HttpTokens === 'optional'))
        await ec2.modifyInstanceMetadataOptions({ InstanceId: id, HttpTokens });
      return undefined;
    },
  },
});
