type OfRecord = {
  /** The key of the record in the vault. */
  readonly key: string;
};

/** Why Evenkeel does not trust a record, or does not find it. */
export const evidenceSentences = {
  'record-altered': ({ key }: OfRecord) =>
    `The state table's copy of ${key} was altered, and Evenkeel does not act on it.`,
  'record-replaced': ({ key }: OfRecord) =>
    `The object ${key} in the vault is not the record that was registered. Keep it and investigate.`,
  'record-misplaced': ({ key, execution }: OfRecord & { readonly execution: string }) =>
    `The record ${key} does not belong to execution ${execution}, and Evenkeel does not act on it.`,
  'repair-record-missing': ({ execution }: { readonly execution: string }) =>
    `The vault has no record of the repair by execution ${execution}.`,
  'repair-record-incomplete': ({ key }: OfRecord) =>
    `The record ${key} does not hold the states before and after the repair.`,
} as const;
