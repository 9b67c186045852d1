/** Lets through only the tags and attributes that GitHub lets through in comments. */
import sanitizeHtml from 'sanitize-html';

const TAGS =
  `h1 h2 h3 h4 h5 h6 p br hr a b i strong em s strike del ins sub sup kbd code pre tt samp var q blockquote
  ul ol li dl dt dd table thead tbody tfoot tr td th caption img picture source figure figcaption details summary div span
  abbr mark small time ruby rt rp input`.split(/\s+/);

/** Stands where a hidden comment stood: what it parted, such as `@<!-- -->name`, stays parted. */
export const HIDDEN = '\uE000';

export function sanitize(dirty: string): string {
  return sanitizeHtml(dirty.replace(/<!--[\s\S]*?-->/g, HIDDEN), {
    allowedTags: TAGS,
    allowedAttributes: {
      '*': ['align', 'title', 'width', 'height', 'dir', 'lang'],
      a: ['href', 'rel'],
      img: ['src', 'alt'],
      source: ['srcset', 'media'],
      details: ['open'],
      ol: ['start', 'type'],
      td: ['colspan', 'rowspan'],
      th: ['colspan', 'rowspan', 'scope'],
      time: ['datetime'],
      input: ['type', 'checked', 'disabled'],
    },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['http', 'https'] },
    allowProtocolRelative: false,
    transformTags: {
      a: (tagName, attributes) => ({
        tagName,
        attribs: { ...attributes, rel: 'nofollow noopener noreferrer' },
      }),
      // Task lists: a box that nobody can tick.
      input: (tagName, attributes) => ({
        tagName,
        attribs: { type: 'checkbox', disabled: '', ...('checked' in attributes ? { checked: '' } : {}) },
      }),
    },
  });
}
