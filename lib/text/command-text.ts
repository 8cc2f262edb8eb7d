import { commandLines } from './command-lines.ts';

/** The subject and the effect of each operator command. */
export const commandTexts = {
  halt: {
    subject: 'All repairs are halted',
    lead: `Evenkeel repairs nothing until an operator runs: ${commandLines.resume}`,
  },
  resume: {
    subject: 'Repairs are resumed',
    lead: 'Evenkeel repairs the violations that it held during the halt when the next event or sweep finds them.',
  },
  release: {
    subject: 'Hold released',
    lead: 'The control may repair the resource again when the next event or sweep finds a violation.',
  },
  'release-account': {
    subject: 'Circuit breaker closed',
    lead: 'Repairs in the account no longer need approval because of the circuit breaker. Evenkeel makes them when the next event or sweep finds a violation.',
  },
  'release-backlog': {
    subject: 'Backlog released',
    lead: "Evenkeel now repairs the existing violations or requests approval, depending on the control's mode.",
  },
  rollback: {
    subject: 'Rollback requested',
    lead: 'Nothing is changed yet. Evenkeel restores the state from before the repair after another person approves.',
  },
};
