import { commandLines } from './command-lines.ts';

/** The subject and the effect of each operator command. */
export const commandTexts = {
  halt: {
    subject: 'All repairs are halted',
    lead: `Evenkeel repairs nothing until an operator runs: ${commandLines.resume}`,
  },
  resume: {
    subject: 'Repairs are resumed',
    lead: 'Evenkeel repairs the violations of the meantime when the next event or sweep finds them.',
  },
  release: {
    subject: 'Hold released',
    lead: 'The control may repair the resource again when the next event or sweep finds a violation.',
  },
  'release-account': {
    subject: 'Circuit breaker released',
    lead: 'Repairs in the account no longer need approval. They are made when the next event or sweep finds a violation.',
  },
  'release-backlog': {
    subject: 'Backlog released',
    lead: "Evenkeel now repairs the existing violations or requests approval, as the control's mode says.",
  },
  rollback: {
    subject: 'Rollback requested',
    lead: 'Nothing is changed yet. Evenkeel restores the state from before the repair after another person approves.',
  },
};
