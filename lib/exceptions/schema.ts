import type * as Zod from 'zod';

/** What entries are held against. */
export interface Known {
  /** The controls that there are, and the rules that the file itself adds. */
  readonly controls: readonly string[];
  /** The governed accounts, where the file stands in the repository that deploys the hub. */
  readonly accounts?: readonly string[];
}

/** The schema of a file of exceptions; the library is handed in, because whoever reads none must not load it. */
export function schemaOf({ z }: typeof Zod, known: Known) {
  const text = (what: string) =>
    z.string({ error: ({ input }) => `${input === undefined ? 'is missing' : 'must be a text'}; ${what}` });
  const filled = (what: string) => text(what).refine((value) => value.trim() !== '', `is empty; ${what}`);
  const exact = (what: string) =>
    filled(what).refine((value) => !value.includes('*'), 'is matched exactly, without patterns; leave it out for all');

  const account = text('name an account by its 12 digits, in quotes')
    .regex(/^\d{12}$/, 'must be an account number of 12 digits, in quotes')
    .refine(
      (number) => known.accounts?.includes(number) ?? true,
      `is not governed; the governed accounts are ${known.accounts?.join(', ')}`,
    );

  const ids = new Set<string>();
  const entry = z
    .strictObject(
      {
        id: text('give it an id such as "shop-public-until-launch"')
          .regex(
            /^[a-z0-9]+(-[a-z0-9]+)*$/,
            'must be of small letters, digits and single hyphens, such as "shop-public-until-launch"',
          )
          .refine((id) => !ids.has(id) && ids.add(id), 'is the id of an entry above; give it one of its own'),
        control: text('name a control').refine((control) => known.controls.includes(control), {
          error: ({ input }) =>
            `there is no control ${JSON.stringify(input)}; the controls are ${known.controls.join(', ')}`,
        }),
        template: z
          .strictObject({
            stack: exact('name the stack as CloudFormation does'),
            resource: exact('name a logical id or the path of a construct').optional(),
          })
          .optional(),
        live: z
          .strictObject({
            account,
            region: exact('name a region such as "eu-west-1"').optional(),
            resource: exact("name a resource by the id that its service's API takes").optional(),
          })
          .optional(),
        owner: filled('say who answers for it while it is spared'),
        reason: text('say in a sentence why').refine(
          (reason) => reason.trim().split(/\s+/).length >= 3,
          'is too short for a reviewer; say in a sentence why',
        ),
        ticket: filled('name the ticket where it was discussed'),
        approver: filled('say who gave leave'),
        expires: text('name the last day, such as "2027-03-31"').pipe(
          z.iso.date('is no day of the calendar; write the last day as "2027-03-31"'),
        ),
      },
      { error: 'must be an exception, with its fields' },
    )
    .refine((entry) => entry?.template !== undefined || entry?.live !== undefined, {
      when: always,
      error: 'has no scope; say with "template", "live" or both where it holds',
    })
    .refine((entry) => same(entry?.owner) !== same(entry?.approver), {
      when: always,
      error: 'is the owner; nobody gives leave to themselves, name someone else',
      path: ['approver'],
    });

  return z.strictObject(
    {
      /** Names of rules that hand-written Aspects report, so that exceptions can name them. */
      rules: z.array(filled('name a rule of a hand-written Aspect')).default([]),
      exceptions: z.array(entry, { error: 'must be the list of exceptions; an empty one is []' }),
    },
    { error: 'must hold the list "exceptions"; an empty one is []' },
  );
}

/** Without it a fault in one field would hide what is wrong with the fields together. */
const always = () => true;
/** A name as names are compared; what is no name is like no other. */
const same = (name: unknown) => (typeof name === 'string' ? name.trim().toLowerCase() : Symbol(''));
