/** Turns `@name`, `#12` and commit SHAs in text into what GitHub makes of them, if they exist. */
import { escapeHtml } from '../shell/html.ts';

export interface References {
  /** Whether there is such a person, or such a team (`org/team`). */
  readonly isMentionable: (name: string) => boolean;
  /** Where the pull request or issue of this number is shown. */
  readonly issueUrl: (number: number) => string | undefined;
  /** The full SHA. */
  readonly commit: (shortSha: string) => string | undefined;
}

/** A name after any sign but a letter, digit or `_`; a number or SHA also not inside of an address or an entity. */
const REFERENCE =
  /(?<!\w)@([a-z\d](?:[a-z\d-]*[a-z\d])?(?:\/[\w-]+)?)(?![\w-])|(?<![\w/#&;-])(?:#(\d+)|([0-9a-f]{7,40}))(?![\w-])/gi;

/** What is inside these is code or a link already. */
const UNTOUCHED = ['a', 'code', 'pre', 'kbd', 'samp', 'tt'];

/** `safe` is sanitized, so that `<` begins a tag and `>` ends it. */
export function linkReferences(safe: string, references: References): string {
  let untouched = 0;
  return safe.replace(/<(\/?)([a-z\d]+)[^>]*>|[^<]+/gi, (piece, closing?: string, tag?: string) => {
    if (tag === undefined) return untouched > 0 ? piece : linkText(piece, references);
    if (UNTOUCHED.includes(tag)) untouched += closing ? -1 : 1;
    return piece;
  });
}

function linkText(text: string, references: References): string {
  return text.replace(REFERENCE, (whole, name?: string, number?: string, sha?: string) => {
    if (name !== undefined) {
      return references.isMentionable(name) ? `<span class="user-mention">${whole}</span>` : whole;
    }
    if (number !== undefined) {
      const url = references.issueUrl(Number(number));
      return url ? `<a class="issue-link" href="${escapeHtml(url)}">${whole}</a>` : whole;
    }
    const full = references.commit(sha ?? '');
    return full ? `<tt class="commit-link" title="${full}">${full.slice(0, 7)}</tt>` : whole;
  });
}
