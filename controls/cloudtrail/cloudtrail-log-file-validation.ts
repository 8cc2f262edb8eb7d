import type { Trail } from '@aws-sdk/client-cloudtrail';
import { defineControl } from '../../lib/model/control.ts';
import { listTrails, readTrail, trailId } from './trails.ts';

type State = { readonly EnableLogFileValidation?: boolean };

/** Whether CloudTrail signs digests of the log files that a trail delivers. */
export const cloudtrailLogFileValidation = defineControl({
  id: 'cloudtrail-log-file-validation',
  title: 'CloudTrail validates its log files',
  rationale: 'Without signed digests, nobody can tell whether a log file was altered or deleted after delivery.',
  severity: 'low',
  resource: 'AWS::CloudTrail::Trail',
  scope: 'regional',
  frameworks: {
    fsbp: ['CloudTrail.4'],
    'cis-v3': ['3.2'],
    'nist-800-53-r5': ['AU-9', 'SI-4', 'SI-7(1)', 'SI-7(3)', 'SI-7(7)'],
    'nist-csf-2.0': ['DE.CM-09', 'PR.DS-01'],
    'pci-dss-v4': ['10.3.2', '10.3.3', '10.3.4', 'A1.2.1'],
  },
  detect: { by: 'managed-rule', identifier: 'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED', periodic: true },
  triggers: {
    'cloudtrail:CreateTrail': 'requestParameters.name',
    'cloudtrail:UpdateTrail': 'requestParameters.name',
  },
  configId: 'id',
  services: ['cloudtrail'],
  arn: 'arn:{partition}:cloudtrail:{region}:{account}:trail/{id}',
  normalizeId: trailId,
  check({ EnableLogFileValidation }: State) {
    return EnableLogFileValidation === true
      ? 'compliant'
      : { violation: 'The trail does not validate its log files: changes to them would go unnoticed.' };
  },
  violationExamples: [{}, { EnableLogFileValidation: false }],
  template: ['EnableLogFileValidation'],
  observe: {
    actions: ['cloudtrail:DescribeTrails'],
    list: listTrails(validation),
    async read(clients, target) {
      const trail = await readTrail(clients, target);
      return trail && validation(trail);
    },
  },
  repair: {
    actions: ['cloudtrail:UpdateTrail'],
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    desired: () => ({ EnableLogFileValidation: true }),
    async write({ cloudtrail }, { id }, { EnableLogFileValidation = false }) {
      await cloudtrail.updateTrail({ Name: id, EnableLogFileValidation });
      return undefined;
    },
  },
});

function validation({ LogFileValidationEnabled }: Trail): State {
  return { EnableLogFileValidation: LogFileValidationEnabled === true };
}
