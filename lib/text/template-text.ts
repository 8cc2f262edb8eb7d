import { commandLines } from './command-lines.ts';

/** The texts of a notification about a template that violates a control. */
export const templateText = {
  subject: (control: string, resource: string) => `Fix the template: ${control} on ${resource}`,
  lead: 'Evenkeel repaired this resource. The next deployment of its stack reverts the repair, because the template violates the control.',
  choices: [
    `Fix the template and deploy it. ${commandLines.fixTemplate} applies the unambiguous fixes.`,
    'Keep the template as it is: add an exception to exceptions.yaml. Its approver must not be its owner.',
    'Do nothing: Evenkeel repairs the resource after each deployment, until the limit for repeated repairs places a hold.',
  ],
};
