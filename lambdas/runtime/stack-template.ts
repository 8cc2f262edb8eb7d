import type { Template } from '../../lib/evaluate/template/template.ts';

/** A template as CloudFormation keeps it and hands it on: as it was written, in JSON or in YAML. */
export async function templateOf(body: string): Promise<Template> {
  const template: unknown = /^\s*\{/.test(body)
    ? JSON.parse(body)
    : (await import('../../lib/evaluate/template/yaml.ts')).parse(body); // loaded only where somebody writes YAML
  return template as Template; // CloudFormation took it, and the judge copes with whatever stands in it
}
