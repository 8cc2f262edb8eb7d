import { ResourceGroupsTaggingAPI } from '@aws-sdk/client-resource-groups-tagging-api';
import type { ClientSettings } from '../../controls/services.ts';
import type { Tags } from '../../lib/config/tags.ts';
import { logger } from './step.ts';

/**
 * Returns tags by ARN, for every service; resources without tags and unsupported types are absent. Returns 'denied' without
 * the right to read tags, because a tag may then require approval. Throws every other error.
 */
export async function tagsOf(
  client: ClientSettings,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Tags> | 'denied'> {
  if (arns.length === 0) return new Map();
  try {
    const { ResourceTagMappingList = [] } = await new ResourceGroupsTaggingAPI(client).getResources({
      ResourceARNList: [...arns],
    });
    return new Map(
      ResourceTagMappingList.map(({ ResourceARN = '', Tags = [] }) => [
        ResourceARN,
        new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      ]),
    );
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'AccessDeniedException') return 'denied';
    if (error.name !== 'InvalidParameterException') throw error;
    logger.warn('these cannot have tags', { arns, error: error.message });
    return new Map();
  }
}
