import type { Framework } from './control.ts';

/** The frameworks by the names that people know them by, in the order in which docs and reports list them. */
export const FRAMEWORKS: { readonly [F in Framework]: string } = {
  fsbp: 'AWS Foundational Security Best Practices',
  'cis-v3': 'CIS AWS Foundations Benchmark v3.0.0',
  'nist-800-53-r5': 'NIST SP 800-53 Revision 5',
  'nist-csf-2.0': 'NIST Cybersecurity Framework 2.0',
  'pci-dss-v4': 'PCI DSS v4',
};

/** Every framework there is. */
export const frameworks = Object.keys(FRAMEWORKS) as Framework[]; // keys of a constant are its own type
