import { defineControl } from '../../lib/model/index.ts';
import { instance } from './instance.ts';
import { liveMetadata, locateMetadata } from './instance-metadata.ts';

const CONTAINERS =
  'The hop limit of the instance is 1, so containers on it may lose access to the instance metadata and its credentials.';

/** Requires session tokens for the instance metadata service. */
export const ec2Imdsv2 = defineControl({
  id: 'ec2-imdsv2',
  title: 'EC2 instances require IMDSv2',
  rationale:
    'With IMDSv1, a single forged request through a web application returns the credentials of the instance role.',
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
    // The default depends on the AMI and an account setting, so a template must set it.
    explicit: ['MetadataOptions'],
    check({ MetadataOptions: { HttpTokens, HttpEndpoint } = {} }) {
      if (HttpTokens === 'required' || HttpEndpoint === 'disabled') return 'compliant';
      return {
        violation:
          HttpTokens === undefined
            ? 'IMDSv1 may be enabled: HttpTokens is not set to required.'
            : 'IMDSv1 is enabled: HttpTokens is not required.',
      };
    },
    violationExamples: [{}, { MetadataOptions: { HttpTokens: 'optional', HttpEndpoint: 'enabled' } }],
  },
  template: { locate: locateMetadata },
  // A custom rule, because AWS's EC2_IMDSV2_CHECK also reports instances whose metadata endpoint is disabled.
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
    verifyWithin: 5 * 60,
    desired: ({ MetadataOptions }) => ({ MetadataOptions: { ...MetadataOptions, HttpTokens: 'required' as const } }),
    async write({ ec2 }, { id }, { MetadataOptions: to }, { MetadataOptions: from }) {
      const HttpTokens = to?.HttpTokens;
      // Only HttpTokens: setting the endpoint too could enable an endpoint that the owner has just disabled.
      if (HttpTokens === undefined || HttpTokens === from?.HttpTokens) return undefined;
      try {
        await ec2.modifyInstanceMetadataOptions({ InstanceId: id, HttpTokens });
        return undefined;
      } catch (error) {
        // EC2 changes running and stopped instances only; an instance that starts or stops soon becomes one.
        if (error instanceof Error && error.name === 'IncorrectInstanceState') return 'pending';
        throw error;
      }
    },
    circumstances: ['instance'],
    // IMDSv1 has no tokens, so it works for containers at any hop limit. The limit is 1 by default, and EC2 does not know of
    // containers, so this is no reason for an approval.
    caution: (_state, _desired, { instance }) =>
      instance.MetadataOptions?.HttpPutResponseHopLimit === 1 ? { because: CONTAINERS } : undefined,
  },
});
