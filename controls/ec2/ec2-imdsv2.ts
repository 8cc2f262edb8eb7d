import { defineControl } from '../../lib/model/index.ts';
import { instance } from './instance.ts';
import { liveMetadata, locateMetadata } from './instance-metadata.ts';

/** The version of the metadata service that instances answer to. */
export const ec2Imdsv2 = defineControl({
  id: 'ec2-imdsv2',
  title: 'EC2 instances require IMDSv2',
  rationale: 'With IMDSv1, one forged request by a web application hands out the credentials of the instance role.',
  severity: 'high',
  frameworks: {
    fsbp: ['EC2.8'],
    'cis-v3': ['5.6'],
    'nist-800-53-r5': ['AC-3', 'AC-3(15)', 'AC-3(7)', 'AC-6'],
    'nist-csf-2.0': ['PR.AA-05'],
    'pci-dss-v4': ['8.2.8'],
  },
  resource: instance,
  facets: ['instance'],
  state: ({ instance }) => liveMetadata(instance),
  rule: {
    properties: ['MetadataOptions'],
    // The image and a setting of the account decide, so a template must say it.
    explicit: ['MetadataOptions'],
    check({ MetadataOptions: { HttpTokens, HttpEndpoint } = {} }) {
      if (HttpTokens === 'required' || HttpEndpoint === 'disabled') return 'compliant';
      return {
        violation:
          HttpTokens === undefined
            ? 'IMDSv1 is not ruled out: HttpTokens is not set to required.'
            : 'IMDSv1 answers without a token: HttpTokens is not required.',
      };
    },
    violationExamples: [{}, { MetadataOptions: { HttpTokens: 'optional', HttpEndpoint: 'enabled' } }],
  },
  template: { locate: locateMetadata },
  // AWS's EC2_IMDSV2_CHECK looks at HttpTokens alone, and refuses instances whose metadata endpoint is off.
  triggers: {
    'requestParameters.ModifyInstanceMetadataOptionsRequest.InstanceId': ['ec2:ModifyInstanceMetadataOptions'],
    'requestParameters.instanceId': ['ec2:ModifyInstanceMetadataOptions'],
    'responseElements.instancesSet.items.*.instanceId': ['ec2:RunInstances'],
  },
  repair: {
    actions: ['ec2:ModifyInstanceMetadataOptions'],
    risk: 'medium',
    reversible: true,
    maxMode: 'auto',
    verifyWithin: 60,
    desired: ({ MetadataOptions }) => ({ MetadataOptions: { ...MetadataOptions, HttpTokens: 'required' as const } }),
    async write({ ec2 }, { id }, { MetadataOptions: to }, { MetadataOptions: from }) {
      const HttpTokens = to?.HttpTokens;
      // Only the token setting: a call with the endpoint as well could turn on what its owner has just turned off.
      if (HttpTokens !== undefined && HttpTokens !== from?.HttpTokens)
        await ec2.modifyInstanceMetadataOptions({ InstanceId: id, HttpTokens });
    },
  },
});
