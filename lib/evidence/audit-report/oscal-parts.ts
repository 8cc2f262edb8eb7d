import { uuid } from './uuid.ts';

const NAMESPACE = 'https://evenkeel.dev/ns/oscal';

/** A fact that OSCAL has no place for. */
export const property = (name: string, value: string | number) => ({ name, ns: NAMESPACE, value: String(value) });

/** What findings and risks call the observation of a control in the result with a name. */
export const observationId = (name: string, control: string): string => uuid(`${name}/observation/${control}`);
