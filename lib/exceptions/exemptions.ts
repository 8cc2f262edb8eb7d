import { isDeepStrictEqual } from 'node:util';
import type { Exception } from './exception.ts';
import { exemptsTemplate, isInForce, type TemplatePlace } from './matching.ts';
import type { ExceptionsFile } from './read-file.ts';
import { type ExceptionWarning, reviewOf } from './review.ts';

/** The exceptions that apply to the templates of one run, and the warnings about them at its end. */
export class Exemptions {
  readonly #files: readonly ExceptionsFile[];
  readonly #proposals: readonly ExceptionsFile[];
  readonly #now: Date;
  readonly #used = new Set<Exception>();
  readonly #evaluated = new Map<string, Set<string>>();

  /** Entries in `proposals` exempt nothing. */
  constructor(files: readonly ExceptionsFile[], proposals: readonly ExceptionsFile[], now: Date) {
    this.#files = files;
    this.#proposals = proposals;
    this.#now = now;
  }

  /** Finds the exception that exempts a resource, and marks it as used. */
  exceptionFor(place: TemplatePlace): Exception | undefined {
    const found = this.#files
      .map(({ exceptions }) => exemptsTemplate(exceptions, place, this.#now))
      .find((exception) => exception !== undefined);
    if (found) this.#used.add(found);
    return found;
  }

  /** Records that a control has evaluated a whole stack. An exception for both that exempts nothing is then unused. */
  markEvaluated(control: string, stack: string): void {
    this.#evaluated.set(stack, (this.#evaluated.get(stack) ?? new Set()).add(control));
  }

  /** Warns about every entry of a file that people write, and about entries of the published file that name an evaluated stack. */
  warnings(): ExceptionWarning[] {
    return [...this.#files.flatMap((file) => this.#warningsOn(file)), ...this.#proposed()];
  }

  #warningsOn({ exceptions, published, placeOf }: ExceptionsFile): ExceptionWarning[] {
    return exceptions
      .filter(({ template }) => !published || (template && this.#evaluated.has(template.stack)))
      .flatMap((exception) => {
        const warnings = reviewOf(exception, this.#now);
        const all = this.#isUnused(exception) ? [...warnings, unused(exception)] : warnings;
        return all.map((warning) => ({ ...warning, place: placeOf(exception.id) }));
      });
  }

  #isUnused(exception: Exception): boolean {
    const { control, template } = exception;
    const evaluated = template && this.#evaluated.get(template.stack)?.has(control);
    return evaluated === true && isInForce(exception, this.#now) && !this.#used.has(exception);
  }

  #proposed(): ExceptionWarning[] {
    const approved = this.#files.flatMap(({ exceptions }) => exceptions);
    return this.#proposals.flatMap(({ exceptions, placeOf }) =>
      exceptions
        .filter((entry) => !approved.some((exception) => isDeepStrictEqual(exception, entry)))
        .map((entry) => ({ ...proposed(entry, approved), place: placeOf(entry.id) })),
    );
  }
}

const unused = (exception: Exception): ExceptionWarning => ({
  kind: 'exception-unused',
  exception,
  sentence: `Exception ${exception.id} exempts nothing in the stack ${exception.template?.stack}.`,
  remedy: 'Remove it, or correct the resource that it names.',
});

function proposed(entry: Exception, approved: readonly Exception[]): ExceptionWarning {
  const differs = approved.some(({ id }) => id === entry.id);
  return {
    kind: 'exception-proposed',
    exception: entry,
    sentence: differs
      ? `Exception ${entry.id} differs from the published entry. The published entry applies.`
      : `Exception ${entry.id} is only proposed. It exempts nothing until the hub publishes it.`,
    remedy:
      'Add it to exceptions.yaml in the repository that deploys the hub, in a pull request that its approver reviews. After the deployment, run "evenkeel exceptions pull".',
  };
}
