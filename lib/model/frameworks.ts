/** The compliance frameworks that controls map to; the keys are used in config, reports and options. */
export type Framework = 'fsbp' | 'cis-v3' | 'nist-800-53-r5' | 'nist-csf-2.0' | 'pci-dss-v4';

/** The full names of the frameworks, in the order of docs and reports. */
export const FRAMEWORKS: { readonly [F in Framework]: string } = {
  fsbp: 'AWS Foundational Security Best Practices',
  'cis-v3': 'CIS AWS Foundations Benchmark v3.0.0',
  'nist-800-53-r5': 'NIST SP 800-53 Revision 5',
  'nist-csf-2.0': 'NIST Cybersecurity Framework 2.0',
  'pci-dss-v4': 'PCI DSS v4',
};

/** The keys of all frameworks. */
export const frameworks = Object.keys(FRAMEWORKS) as Framework[]; // keys of a constant are its own type
