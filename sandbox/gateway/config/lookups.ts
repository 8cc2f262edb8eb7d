import { list, type Params, record, text } from '../values.ts';
import { ConfigError } from './config-error.ts';
import { type Item, keyOf, type RegionState, records } from './region-state.ts';
import { configurationItem } from './shapes.ts';

/** The calls that look up recorded resources. */
export const lookups: Record<string, (params: Params, state: RegionState) => unknown> = {
  ListDiscoveredResources(params, state) {
    const ids = list(params.resourceIds);
    const wanted = recorded(state).filter(
      ({ type, id, name }) =>
        type === params.resourceType &&
        (!ids.length || ids.includes(id)) &&
        (params.resourceName === undefined || params.resourceName === name),
    );
    const resourceIdentifiers = wanted.map((item) => ({
      resourceType: item.type,
      resourceId: item.id,
      resourceName: item.name,
    }));
    return { resourceIdentifiers };
  },
  BatchGetResourceConfig(params, state) {
    const keys = list(params.resourceKeys).map(record);
    const find = ({ resourceType, resourceId }: Params) =>
      recorded(state).find(({ type, id }) => type === resourceType && id === resourceId);
    return {
      baseConfigurationItems: keys
        .map(find)
        .filter((item) => item !== undefined)
        .map(written),
      unprocessedResourceKeys: keys.filter((key) => !find(key)),
    };
  },
  GetResourceConfigHistory(params, state) {
    const item = state.items.get(keyOf(String(params.resourceType), String(params.resourceId)));
    if (!item || !records(state, item.type)) {
      throw new ConfigError('ResourceNotDiscoveredException', `Resource ${params.resourceId} has not been discovered.`);
    }
    return { configurationItems: [written(item)] };
  },
  SelectResourceConfig(params, state) {
    const query = /^\s*SELECT\s+(.+?)\s+WHERE\s+(.+?)\s*$/is.exec(text(params.Expression) ?? '');
    const fields = query?.[1]?.split(',').map((field) => field.trim()) ?? [];
    const tests = (query?.[2] ?? '').split(/\s+AND\s+/i).map((test) => /^(\w+)\s*=\s*'([^']*)'$/.exec(test.trim()));
    if (!query || tests.includes(null)) {
      throw new ConfigError(
        'InvalidExpressionException',
        "The local AWS supports only SELECT a, b WHERE c = 'd' AND …",
      );
    }
    const rows = recorded(state).map((item): Params => configurationItem(item));
    const found = rows.filter((row) => tests.every((test) => test && row[test[1] ?? ''] === test[2]));
    const pick = (row: Params) => Object.fromEntries(fields.map((field) => [field, row[field]]));
    return {
      Results: found.map((row) => JSON.stringify(pick(row))),
      QueryInfo: { SelectFields: fields.map((Name) => ({ Name })) },
    };
  },
};

function recorded(state: RegionState): Item[] {
  return [...state.items.values()].filter((item) => !item.deleted && records(state, item.type));
}

// The API returns times as seconds and documents as text.
function written(item: Item): Params {
  const { relationships: _, relatedEvents: __, tags: ___, configuration, ...rest } = configurationItem(item);
  return {
    ...rest,
    configurationItemCaptureTime: Date.parse(item.capturedAt) / 1000,
    configuration: JSON.stringify(configuration),
  };
}
