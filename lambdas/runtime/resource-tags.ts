import { ResourceGroupsTaggingAPI } from '@aws-sdk/client-resource-groups-tagging-api';
import type { ClientSettings } from '../../controls/services.ts';
import type { Tags } from '../../lib/config/tags.ts';
import { logger } from './step.ts';

/**
 * Tags by ARN, of whatever service; what has none, or is of a kind that AWS's tagging service does not know, is left out.
 * 'denied' where we may not read them: nobody can say then that no tag asks for caution. Every other failure is thrown on.
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
