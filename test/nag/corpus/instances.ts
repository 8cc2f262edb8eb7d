import type { Json } from '../../../lib/model/control.ts';
import { type Case, type Choices, caseOf, present, product } from './case.ts';

const own: Choices = {
  absent: undefined,
  required: { HttpTokens: 'required' },
  optional: { HttpTokens: 'optional' },
  'no tokens named': { HttpPutResponseHopLimit: 1 },
  'endpoint off': { HttpEndpoint: 'disabled' },
  'tokens are a parameter': { HttpTokens: { Ref: 'Free' } },
  'tokens by a condition, required both ways': { HttpTokens: { 'Fn::If': ['Night', 'required', 'required'] } },
  'a condition: all or nothing': { 'Fn::If': ['Night', { HttpTokens: 'required' }, { Ref: 'AWS::NoValue' }] },
};
const templates: Choices = {
  none: undefined,
  required: { HttpTokens: 'required' },
  optional: { HttpTokens: 'optional' },
  silent: {},
  'endpoint off': { HttpEndpoint: 'disabled' },
  'a parameter': { HttpTokens: { Ref: 'Free' } },
  elsewhere: {},
};
const ID = { Ref: 'Launch' };
const versions: Choices = {
  latest: { LaunchTemplateId: ID, Version: { 'Fn::GetAtt': ['Launch', 'LatestVersionNumber'] } },
  $Latest: { LaunchTemplateId: ID, Version: '$Latest' },
  default: { LaunchTemplateId: ID, Version: { 'Fn::GetAtt': ['Launch', 'DefaultVersionNumber'] } },
  'number 3': { LaunchTemplateId: ID, Version: '3' },
  'by name': undefined,
};

/** Instances by their own metadata options and those of their launch template. */
export const instances = (): Case[] =>
  product({ own, template: templates, version: versions })
    .filter(({ template, version }) => (template !== 'none' && template !== 'elsewhere') || version === 'latest')
    .map((features, index) => {
      const { own: options = '', template = '', version = '' } = features;
      const LaunchTemplate = reference(template, version, `launch-${index}`);
      const data = template === 'silent' ? {} : present({ MetadataOptions: templates[template] });
      const resources = {
        It: { Type: 'AWS::EC2::Instance', Properties: present({ MetadataOptions: own[options], LaunchTemplate }) },
        Launch: {
          Type: 'AWS::EC2::LaunchTemplate',
          Properties: { LaunchTemplateName: `launch-${index}`, LaunchTemplateData: data },
        },
      };
      return caseOf(`C${index}`, features, resources, 'It');
    });

const reference = (template: string, version: string, name: string): Json | undefined => {
  if (template === 'none') return undefined;
  if (template === 'elsewhere') return { LaunchTemplateId: 'lt-0123', Version: '1' };
  return version === 'by name' ? { LaunchTemplateName: name, Version: '$Latest' } : versions[version];
};
