import type { Instance } from '@aws-sdk/client-ec2';
import type { Json, Located, StateOf, TemplateResource, TemplateResources } from '../../lib/model/index.ts';
import { isObject } from '../../lib/model/json.ts';
import { properties, referredTo } from '../template-reference.ts';
import type { instance } from './instance.ts';

/** An instance's metadata options, from its own properties, its launch template or EC2. */
export type MetadataState = StateOf<typeof instance.properties, 'MetadataOptions'>;

/**
 * The options in force. While EC2 applies a change to a running instance, it already shows the new value, but the old one
 * may still be in force, so the value is omitted. A stopped instance starts with the new value.
 */
export function liveMetadata({ MetadataOptions, State }: Instance): MetadataState {
  const { HttpEndpoint, HttpTokens, State: change } = MetadataOptions ?? {};
  const inForce = State?.Name !== 'running' || change !== 'pending';
  return {
    MetadataOptions: {
      ...(HttpEndpoint && { HttpEndpoint }),
      ...(HttpTokens && inForce && { HttpTokens }),
    },
  };
}

/** The instance's own options over those of its launch template, option by option, as EC2 takes them at launch. */
export function locateMetadata(logicalId: string, resources: TemplateResources): Located<MetadataState> {
  const { MetadataOptions, LaunchTemplate } = resources[logicalId]?.Properties ?? {};
  const own = properties(MetadataOptions);
  if (MetadataOptions !== undefined && !own) throw new Error(`MetadataOptions of ${logicalId} is a deploy-time value`);
  const isOwn = own?.HttpTokens !== undefined || own?.HttpEndpoint === 'disabled';
  const inherited = isOwn ? undefined : launchTemplateOptions(LaunchTemplate, resources);
  // A template can have any value here; the evaluator checks it against the property types.
  const options = { ...inherited, ...own } as NonNullable<MetadataState['MetadataOptions']>;
  return { state: own || inherited ? { MetadataOptions: options } : {}, at: logicalId };
}

function launchTemplateOptions(reference: Json | undefined, resources: TemplateResources) {
  if (reference === undefined) return undefined;
  const { LaunchTemplateId, LaunchTemplateName, Version } = properties(reference) ?? {};
  const id = referredTo(LaunchTemplateId) ?? launchTemplateByName(LaunchTemplateName, resources);
  const data = properties(resources[id ?? '']?.Properties?.LaunchTemplateData);
  // Any other version may differ from the one in this template, including the default version, which an update keeps.
  if (!data || (Version !== '$Latest' && attribute(Version) !== `${id}.LatestVersionNumber`))
    throw new Error('MetadataOptions come from a launch template version outside this template');
  if (data.MetadataOptions === undefined) return undefined;
  const options = properties(data.MetadataOptions);
  if (!options) throw new Error(`MetadataOptions of launch template ${id} is a deploy-time value`);
  return options;
}

function launchTemplateByName(name: Json | undefined, resources: TemplateResources): string | undefined {
  if (typeof name !== 'string') return undefined;
  const matches = ({ Type, Properties }: TemplateResource) =>
    Type === 'AWS::EC2::LaunchTemplate' && Properties?.LaunchTemplateName === name;
  return Object.entries(resources).find(([, resource]) => matches(resource))?.[0];
}

/** The resource and attribute of an `Fn::GetAtt`, with a dot between them. */
function attribute(value: Json | undefined): string | undefined {
  const path = isObject(value) ? value['Fn::GetAtt'] : undefined;
  return Array.isArray(path) ? path.join('.') : typeof path === 'string' ? path : undefined;
}
