import { htmlText } from '../../text/escapes.ts';

/** A text that is already HTML. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value in an HTML template. */
export type HtmlContent = Markup | string | number | undefined | readonly HtmlContent[];

/** Makes HTML from a template. It escapes every value that is not markup, because evidence contains texts of other people. */
export const html = (parts: TemplateStringsArray, ...contents: readonly HtmlContent[]): Markup =>
  new Markup(String.raw({ raw: parts }, ...contents.map(textOf)));

function textOf(content: HtmlContent): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return htmlText(String(content));
}
