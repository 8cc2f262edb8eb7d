import type * as Zod from 'zod';

/** The names that entries may use. */
export interface Known {
  /** The ids of the controls, and the rules that the file itself lists. */
  readonly controls: readonly string[];
  /** The governed accounts; known only in the repository that deploys the hub. */
  readonly accounts?: readonly string[];
}

/** The schema of an exceptions file. The caller passes zod in, because most runs read no such file and must not load it. */
export function schemaOf({ z }: typeof Zod, known: Known) {
  const text = (advice: string) =>
    z.string({ error: ({ input }) => `${input === undefined ? 'is missing' : 'must be a string'}; ${advice}` });
  const filled = (advice: string) => text(advice).refine((value) => value.trim() !== '', `is empty; ${advice}`);
  const exact = (advice: string) =>
    filled(advice).refine(
      (value) => !value.includes('*'),
      'is matched exactly, without patterns; omit it to match all',
    );

  const account = text('set the 12 digits of the account, in quotes')
    .regex(/^\d{12}$/, 'must be an account id of 12 digits, in quotes')
    .refine(
      (number) => known.accounts?.includes(number) ?? true,
      `is not a governed account; the governed accounts are ${known.accounts?.join(', ')}`,
    );

  const ids = new Set<string>();
  const entry = z
    .strictObject(
      {
        id: text('set an id such as "shop-public-until-launch"')
          .regex(
            /^[a-z0-9]+(-[a-z0-9]+)*$/,
            'must consist of lower-case letters, digits and single hyphens, such as "shop-public-until-launch"',
          )
          .refine((id) => !ids.has(id) && ids.add(id), 'is the id of an entry above; choose another id'),
        control: text('set the id of a control').refine((control) => known.controls.includes(control), {
          error: ({ input }) => `unknown control ${JSON.stringify(input)}; available: ${known.controls.join(', ')}`,
        }),
        template: z
          .strictObject({
            stack: exact('set the name of the stack in CloudFormation'),
            resource: exact('set a logical id or a construct path').optional(),
          })
          .optional(),
        live: z
          .strictObject({
            account,
            region: exact('set a region such as "eu-west-1"').optional(),
            resource: exact("set the id that the service's API takes").optional(),
          })
          .optional(),
        owner: filled('set the team or person who is responsible'),
        reason: text('explain why in a sentence').refine(
          (reason) => reason.trim().split(/\s+/).length >= 3,
          'is too short for a reviewer; explain why in a sentence',
        ),
        ticket: filled('set the ticket of the discussion'),
        approver: filled('set the person who approved it'),
        expires: text('set the last day, such as "2027-03-31"').pipe(
          z.iso.date('is not a calendar day; write the last day as "2027-03-31"'),
        ),
      },
      { error: 'must be an exception with fields such as "id" and "control"' },
    )
    .refine((entry) => entry?.template !== undefined || entry?.live !== undefined, {
      when: always,
      error: 'has no scope; add "template", "live" or both',
    })
    .refine((entry) => comparable(entry?.owner) !== comparable(entry?.approver), {
      when: always,
      error: 'is the owner; the approver must be another person',
      path: ['approver'],
    });

  return z.strictObject(
    {
      /** The rules of hand-written Aspects that exceptions may name. */
      rules: z.array(filled('set the name of a rule of a hand-written Aspect')).default([]),
      exceptions: z.array(entry, { error: 'must be a list of exceptions; an empty list is []' }),
    },
    { error: 'must have a list "exceptions"; an empty list is []' },
  );
}

/** Runs a refinement even if a field is invalid, so that all problems are reported at once. */
const always = () => true;
/** Normalizes a name for comparison; a value that is not a name equals no other. */
const comparable = (name: unknown) => (typeof name === 'string' ? name.trim().toLowerCase() : Symbol(''));
