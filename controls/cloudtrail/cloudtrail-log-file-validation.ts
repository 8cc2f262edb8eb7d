import { defineControl } from '../../lib/model/index.ts';
import { requires } from '../requirement.ts';
import { trail } from './trail.ts';

/** Requires signed digests of CloudTrail log files. */
export const cloudtrailLogFileValidation = defineControl({
  id: 'cloudtrail-log-file-validation',
  title: 'CloudTrail validates its log files',
  rationale: 'Without signed digests, you cannot detect changed or deleted log files.',
  severity: 'low',
  frameworks: {
    fsbp: ['CloudTrail.4'],
    'cis-v3': ['3.2'],
    'nist-800-53-r5': ['AU-9', 'SI-4', 'SI-7(1)', 'SI-7(3)', 'SI-7(7)'],
    'nist-csf-2.0': ['DE.CM-09', 'PR.DS-01'],
    'pci-dss-v4': ['10.3.2', '10.3.3', '10.3.4', 'A1.2.1'],
  },
  resource: trail,
  facets: ['trail'],
  state: ({ trail }) => ({ EnableLogFileValidation: trail.LogFileValidationEnabled === true }),
  rule: requires(
    { EnableLogFileValidation: true },
    'Log file validation is off: changed or deleted log files cannot be detected.',
  ),
  detect: { by: 'managed-rule', identifier: 'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED', periodic: true },
  triggers: { 'requestParameters.name': ['cloudtrail:CreateTrail', 'cloudtrail:UpdateTrail'] },
  repair: {
    actions: ['cloudtrail:UpdateTrail'],
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    async write({ cloudtrail }, { id }, { EnableLogFileValidation = false }) {
      await cloudtrail.updateTrail({ Name: id, EnableLogFileValidation });
    },
  },
});
