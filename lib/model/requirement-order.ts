// Fixed, for the machine's own language would sort otherwise elsewhere. In a file of its own, for it takes long to make.
const order = new Intl.Collator('en', { numeric: true });

/** Sorts requirement ids as their framework counts them: 1.2 before 1.10. */
export const byRequirement = (a: string, b: string): number => order.compare(a, b);
