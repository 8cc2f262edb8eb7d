import type { Framework } from '../lib/model/control.ts';

/** How each framework writes the ids of its requirements. */
export const SHAPES: { readonly [F in Framework]: RegExp } = {
  fsbp: /^[A-Z][A-Za-z0-9]*\.\d+$/,
  'cis-v3': /^[1-5](\.\d+)+$/,
  'nist-800-53-r5': /^[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?$/,
  'nist-csf-2.0': /^(GV|ID|PR|DE|RS|RC)\.[A-Z]{2}-\d{2}$/,
  'pci-dss-v4': /^A?\d{1,2}(\.\d+)+$/,
};

/**
 * The controls of SP 800-53 Rev. 5.1.1 that NIST's informative references name for a subcategory of CSF 2.0, for the
 * subcategories that our controls answer. A subcategory is answered only by a control that answers one of these.
 * @see https://www.nist.gov/informative-references
 */
export const CSF_REFERENCES: { readonly [subcategory: string]: readonly string[] } = {
  'DE.CM-09': [
    ...['AC-4', 'AC-9', 'AU-12', 'CA-7', 'CM-3', 'CM-6', 'CM-10', 'CM-11'],
    ...['SC-34', 'SC-35', 'SI-4', 'SI-7'],
  ],
  'PR.AA-01': [
    ...['AC-1', 'AC-2', 'AC-14', 'IA-1', 'IA-2', 'IA-3', 'IA-4', 'IA-5', 'IA-6', 'IA-7'],
    ...['IA-8', 'IA-9', 'IA-10', 'IA-11'],
  ],
  'PR.AA-03': ['AC-7', 'AC-12', 'IA-2', 'IA-3', 'IA-5', 'IA-7', 'IA-8', 'IA-9', 'IA-10', 'IA-11'],
  'PR.AA-05': [
    ...['AC-1', 'AC-2', 'AC-3', 'AC-5', 'AC-6', 'AC-10', 'AC-16', 'AC-17', 'AC-18', 'AC-19'],
    ...['AC-24', 'IA-13'],
  ],
  'PR.DS-01': [
    ...['CA-3', 'CP-9', 'MP-8', 'SC-4', 'SC-7', 'SC-12', 'SC-13', 'SC-28', 'SC-32', 'SC-39', 'SC-43'],
    ...['SI-3', 'SI-4', 'SI-7'],
  ],
  'PR.DS-02': [
    ...['AU-16', 'CA-3', 'SC-4', 'SC-7', 'SC-8', 'SC-11', 'SC-12', 'SC-13', 'SC-16', 'SC-40', 'SC-43'],
    ...['SI-3', 'SI-4', 'SI-7'],
  ],
  'PR.IR-01': ['AC-3', 'AC-4', 'SC-4', 'SC-5', 'SC-7'],
  'PR.PS-01': ['CM-1', 'CM-2', 'CM-3', 'CM-4', 'CM-5', 'CM-6', 'CM-7', 'CM-8', 'CM-9', 'CM-10', 'CM-11'],
};
