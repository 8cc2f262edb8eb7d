// A fixed locale, because the default locale depends on the machine. In a file of its own, because it is slow to create.
const order = new Intl.Collator('en', { numeric: true });

/** Compares requirement ids in the order of their framework: 1.2 before 1.10. */
export const byRequirement = (a: string, b: string): number => order.compare(a, b);
