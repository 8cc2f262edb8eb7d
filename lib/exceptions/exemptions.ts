import { isDeepStrictEqual } from 'node:util';
import type { Exception } from './exception.ts';
import { exemptsTemplate, isInForce, type TemplatePlace } from './matching.ts';
import type { ExceptionsFile } from './read-file.ts';
import { type Note, reviewOf } from './review.ts';

/** What registers waive in the templates of one run, and what is to be said of them when it is over. */
export class Exemptions {
  readonly #registers: readonly ExceptionsFile[];
  readonly #proposals: readonly ExceptionsFile[];
  readonly #now: Date;
  readonly #used = new Set<Exception>();
  readonly #judged = new Map<string, Set<string>>();

  /** What stands in `proposals` alone waives nothing. */
  constructor(registers: readonly ExceptionsFile[], proposals: readonly ExceptionsFile[], now: Date) {
    this.#registers = registers;
    this.#proposals = proposals;
    this.#now = now;
  }

  /** The exception that spares what was found in a resource. */
  sparing(place: TemplatePlace): Exception | undefined {
    const found = this.#registers
      .map(({ exceptions }) => exemptsTemplate(exceptions, place, this.#now))
      .find((exception) => exception !== undefined);
    if (found) this.#used.add(found);
    return found;
  }

  /** Says that a control judged the whole of a stack, so that an exception for it which spared nothing is of no use. */
  judged(control: string, stack: string): void {
    this.#judged.set(stack, (this.#judged.get(stack) ?? new Set()).add(control));
  }

  /** What is to be said of the entries: of all in a file that people write, of these stacks' own in the hub's. */
  notes(): Note[] {
    return [...this.#registers.flatMap((register) => this.#notesOn(register)), ...this.#proposed()];
  }

  #notesOn({ exceptions, published, placeOf }: ExceptionsFile): Note[] {
    return exceptions
      .filter(({ template }) => !published || (template && this.#judged.has(template.stack)))
      .flatMap((exception) => {
        const notes = reviewOf(exception, this.#now);
        const all = this.#isUnused(exception) ? [...notes, unused(exception)] : notes;
        return all.map((note) => ({ ...note, place: placeOf(exception.id) }));
      });
  }

  #isUnused(exception: Exception): boolean {
    const { control, template } = exception;
    const judged = template && this.#judged.get(template.stack)?.has(control);
    return judged === true && isInForce(exception, this.#now) && !this.#used.has(exception);
  }

  #proposed(): Note[] {
    const registered = this.#registers.flatMap(({ exceptions }) => exceptions);
    return this.#proposals.flatMap(({ exceptions, placeOf }) =>
      exceptions
        .filter((entry) => !registered.some((exception) => isDeepStrictEqual(exception, entry)))
        .map((entry) => ({ ...proposed(entry, registered), place: placeOf(entry.id) })),
    );
  }
}

const unused = (exception: Exception): Note => ({
  kind: 'exception-unused',
  exception,
  sentence: `Exception ${exception.id} spares nothing in the stack ${exception.template?.stack}.`,
  remedy: 'Remove it, or correct the resource that it names.',
});

function proposed(entry: Exception, registered: readonly Exception[]): Note {
  const differs = registered.some(({ id }) => id === entry.id);
  return {
    kind: 'exception-proposed',
    exception: entry,
    sentence: differs
      ? `Exception ${entry.id} is not as it stands in the register, which alone counts.`
      : `Exception ${entry.id} is only proposed, and waives nothing until it stands in the register.`,
    remedy:
      'Put it into exceptions.yaml of the repository that deploys the hub, by a pull request that its approver reviews; after the deployment run "evenkeel register pull".',
  };
}
