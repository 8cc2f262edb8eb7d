import { partitionOf } from '../model/aws.ts';
import { fillIn, openTexts, type Parameters, placeholdersIn } from '../model/parameter.ts';
import type { Place } from '../model/target.ts';
import { listed } from '../text/words.ts';

/** The most combinations of values that are evaluated; real states need fewer. Beyond it the verdict is unknown. */
const MAX_PLACES = 64;

const PATTERNS: { readonly [Part in keyof Place]: RegExp } = {
  account: /(?<!\d)\d{12}(?!\d)/g,
  region: /(?<![a-z])[a-z]{2}(?:-[a-z]{1,16}){1,3}-\d(?!\d)/g,
  partition: /(?<=arn:)aws[a-z-]{0,16}/g,
};

/** The parts of a place (account, region, partition) that parameters still have placeholders for. */
export const unknownPartsOf = (parameters: Parameters): readonly (keyof Place)[] => [
  ...new Set(openTexts(parameters).flatMap(placeholdersIn)),
];

/**
 * The parameter values that can make a difference for a state in an unknown place: with each account and region that the
 * state names, and with the placeholders for any other place. Undefined if there are too many.
 */
export function valuesAnywhere(parameters: Parameters, state: string): readonly Parameters[] | undefined {
  let places: readonly Partial<Place>[] = [{}];
  for (const part of unknownPartsOf(parameters)) {
    const named = [...new Set([...(state.match(PATTERNS[part]) ?? []), ...impliedBy(part, state)])];
    places = places.flatMap((place) => [place, ...named.map((value) => ({ ...place, [part]: value }))]);
    if (places.length > MAX_PLACES) return undefined;
  }
  return places.map((place) => fillIn(parameters, place));
}

/** A region implies its partition. */
const impliedBy = (part: keyof Place, state: string): readonly string[] =>
  part === 'partition' ? (state.match(PATTERNS.region) ?? []).map(partitionOf) : [];

/** The reason for an unknown verdict in an unknown place. */
export function unknownPlace(parameters: Parameters): string {
  const parts = unknownPartsOf(parameters).map((part) => `the ${part}`);
  const [text = ''] = openTexts(parameters);
  return `the result depends on ${listed(parts)}, because a parameter is ${JSON.stringify(text)}`;
}
