import type { Instance } from '@aws-sdk/client-ec2';
import type { Json, Located, TemplateResources } from '../../lib/control.ts';
import { properties, referredTo } from '../reference.ts';

/** An instance's metadata options as its own properties, its launch template or EC2 say. */
export type MetadataState = {
  readonly MetadataOptions?: {
    readonly HttpTokens?: string;
    readonly HttpEndpoint?: string;
    readonly [other: string]: Json | undefined;
  };
};

/**
 * The options in force. While EC2 still applies a change to a running instance it already shows the new value, so that
 * value is left out: the old one may answer yet. A stopped instance answers nobody, and starts with the new value.
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
  if (MetadataOptions !== undefined && !own) throw new Error(`MetadataOptions of ${logicalId} is not known yet.`);
  const inherited = own?.HttpTokens === undefined ? launchTemplateOptions(LaunchTemplate, resources) : undefined;
  // A template may hold anything where EC2 expects text; `check` refuses to judge what is neither of the known words.
  const options = { ...inherited, ...own } as NonNullable<MetadataState['MetadataOptions']>;
  return { state: own || inherited ? { MetadataOptions: options } : {}, at: logicalId };
}

function launchTemplateOptions(reference: Json | undefined, resources: TemplateResources) {
  if (reference === undefined) return undefined;
  const { LaunchTemplateId, LaunchTemplateName, Version } = properties(reference) ?? {};
  const id = referredTo(LaunchTemplateId ?? LaunchTemplateName);
  const data = properties(resources[id ?? '']?.Properties?.LaunchTemplateData);
  // Any other version may differ from the one that this template writes.
  if (!data || (Version !== '$Latest' && referredTo(Version) !== id))
    throw new Error('The metadata options stand in a launch template that is known only at deployment.');
  if (data.MetadataOptions === undefined) return undefined;
  const options = properties(data.MetadataOptions);
  if (!options) throw new Error(`MetadataOptions of launch template ${id} is not known yet.`);
  return options;
}
