import { commandLines } from './command-lines.ts';

/** The choices for an open circuit breaker: their results, and the commands to run. */
export const circuitBreakerOptions = (account: string) => ({
  release: `The circuit breaker closes. Repairs follow the mode of their control again. Run: ${commandLines.release(account)}`,
  noDecision: 'Each repair in the account needs approval.',
});

/** The texts of a circuit breaker notification. */
export const circuitBreakerText = {
  subject: (account: string) => `Circuit breaker open: account ${account}`,
  lead: 'Repairs in this account now need approval, because too many of them were made or failed.',
  choices: { release: 'If released', noDecision: 'If not released' },
  advice: `Find the common cause before you release the account. Other accounts are not affected.
If the repairs do harm, stop all of them: ${commandLines.halt}`,
};
