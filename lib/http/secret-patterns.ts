/**
 * The forms of secrets: each pattern finds what looks like one, by its own form or by the place where it stands.
 * None looks far ahead in vain, since a log can be full of beginnings.
 */

/** A match is struck whole. */
export const BY_FORM: readonly RegExp[] = [
  // A key in PEM, also with a timestamp before each line, with its line ends escaped, or cut off at the end.
  /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  // The same in base64.
  /\bLS0tLS1CRUdJTi[\w+/=]{10,}/g,
  /\bAGE-SECRET-KEY-1[0-9A-Z]{20,}/g,
  // JSON Web Tokens, those of Kubernetes' service accounts among them.
  /\beyJ[\w-]{10,4000}\.[\w-]{10,}(\.[\w-]*)?/g,
  // GitHub, GitLab, Bitbucket, Atlassian.
  /\bgh[pousr]_[\w.-]{8,}/g,
  /\bgithub_pat_\w{8,}/g,
  /\bv1\.[0-9a-f]{32,}/g,
  /\bgl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[\w.-]{16,}/g,
  /\bGR1348941[\w-]{16,}/g,
  /\b(?:ATATT3|ATCTT3|ATBB)[\w=-]{16,}/g,
  // Jenkins, Horreum, other build servers.
  /\b11[0-9a-f]{32}\b/g,
  /\bHUSR_[A-Z0-9_]{8,}/gi,
  /\b(?:bkua|bkat|bkct)_[\w-]{16,}/g,
  /\bCCIP(?:AT|RJ)_[\w-]{16,}/g,
  /\bsq[pua]_[0-9a-f]{40}\b/g,
  // Clouds.
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{30,}/g,
  /\bya29\.[\w-]{16,}/g,
  /\bGOCSPX-[\w-]{16,}/g,
  /\b1\/\/0[\w-]{30,}/g,
  /\bdo[opr]_v1_[0-9a-f]{32,}/g,
  /\b[\w~.]{3}[78]Q~[\w~.-]{31,40}/g,
  /\bdapi[0-9a-f]{32}\b/g,
  /\bfo1_[\w-]{20,}|\bfm[12]_[\w+/=]{20,}/g,
  /\bpscale_(?:tkn|oauth|pw)_[\w.-]{16,}/g,
  /\bdt0[a-z]\d\d\.[A-Z0-9]{10,}\.[A-Z0-9]{20,}/g,
  // Registries of packages and images.
  /\bnpm_[A-Za-z0-9]{16,}/g,
  /\bpypi-Ag[\w-]{20,}/g,
  /\bdckr_(?:pat|oat)_[\w-]{16,}/g,
  /\brubygems_[0-9a-f]{32,}/g,
  /\bcio[A-Za-z0-9]{32}\b/g,
  /\boy2[a-z0-9]{43}\b/g,
  /\bAKCp[A-Za-z0-9]{20,}/g,
  // Stores of secrets.
  /\bhv[sbr]\.[\w-]{16,}/g,
  /\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}/g,
  /\bdp\.(?:pt|st|ct|sa|scim|audit)\.[\w.]{16,}/g,
  // Messengers, mail, payments, models, pages.
  /\bxox[a-z](?:\.xox[a-z])?-[\w-]{10,}/g,
  /\bxapp-\d-[\w-]{10,}/g,
  /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]{16,}/g,
  /\bdiscord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]{16,}/g,
  /\b\d{8,10}:AA[\w-]{30,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\bkey-[0-9a-f]{32}\b/g,
  /\b[0-9a-f]{32}-us\d{1,2}\b/g,
  /\bSK[0-9a-f]{32}\b/g,
  /\b(?:sk|rk|pk)_(?:live|test)_[0-9a-zA-Z]{10,}/g,
  /\bwhsec_[\w+/=]{16,}/g,
  /\bsq0[a-z]{3}-[\w-]{20,}/g,
  /\bshp(?:at|ca|pa|ss)_[0-9a-f]{32}\b/g,
  /\bsk-(?=[\w-]{0,40}\d)[\w-]{20,}/g,
  /\bhf_[A-Za-z0-9]{30,}/g,
  /\bglc_[\w+/=]{20,}|\bglsa_\w{20,}/g,
  /\bPMAK-[0-9a-f-]{20,}/g,
  /\bNRAK-[A-Z0-9]{20,}/g,
  /\blin_(?:api|oauth)_\w{16,}/g,
  /\bntn_\w{20,}|\bfigd_[\w-]{20,}|\bsbp_[0-9a-f]{32,}/g,
];

/** One value: in quotes (also escaped ones), or up to where a new thing begins. */
const VALUE = String.raw`(?:\\+"[^"\\\n]{1,2000}|"(?:[^"\\\n]|\\.){1,2000}"|'[^'\n]{1,2000}'|(?:(?![;&,] {0,3}[\w.-]{1,40} {0,3}[:=])(?![,;)}\]]{1,3}(?:\s|$))[^\s"'<>\\]|\\(?!["n]))+)`;

/** The last part of a name whose value is secret. */
const SECRET = String.raw`(?:pass(?:word|wd|phrase|code)|pwd|secret|token|(?:api|access|secret|private|account|auth|signing|encryption|shared|master|subscription|storage|consumer|license|deploy|client|service|admin|user|app|app(?:lication)?)[-_. ]?key|credentials?|connection[-_ ]?string|(?<=[A-Za-z0-9][-_.])pass|(?<=SSH|DB)PASS|(?<=[-_])auth|crumb|signature|sas|[-_.]pat)`;
const VARIANT = String.raw`(?:[-_]?(?:b64|base64|value|plain|text|string|prod|production|staging|stage|dev|test|ci|new|old|current|primary|secondary|\d{1,3}))?`;
const NAME = String.raw`(?<![A-Za-z0-9])[\w.-]{0,60}?${SECRET}${VARIANT}`;

const flags = 'gi';
const named = new RegExp(
  String.raw`(${NAME}(?:\\*["'])?(?:\]|\))? {0,8}(?:=>|:=|[:=]|%3D) {0,8}(?:(?:basic|bearer|token|apikey|digest) )?)(${VALUE})`,
  flags,
);
const flagged = new RegExp(
  String.raw`(?<![\w-])(--?[\w.-]{0,40}?(?:${SECRET}|pass|storepass|keypass|oauth2-bearer|bearer)["']?(?:=|,? {1,4})["']?)(?!-)(${VALUE})`,
  flags,
);

/** A pattern whose first group stays and whose second is the secret; `isHarmless` spares a value that only resembles one. */
export interface Place {
  readonly pattern: RegExp;
  readonly isHarmless?: (value: string, before: string) => boolean;
}

export const BY_PLACE: readonly Place[] = [
  // Headers: the whole rest of the line or of the quoted text.
  {
    pattern:
      /(\b(?:proxy-)?authorization\\*["']? {0,4}[:=] {0,4}\\*["']?(?:digest|aws4-hmac-sha256|oauth|hawk|negotiate) )([^\n]{2,4000})/gi,
  },
  {
    pattern:
      /(\b(?:proxy-)?authorization\\*["']? {0,4}[:=] {0,4}\\*["']?(?:[a-z]{3,12} )?)([^\s"'\\][^"'\\\n]{1,4000})/gi,
    isHarmless: isWordOfState,
  },
  { pattern: /(\b(?:set-)?cookie2?\\*["']? {0,4}[:=] {0,4}\\*["']?)((?=[^\n]{0,200}=)[^"'\\\n]{3,4000})/gi },
  {
    pattern:
      /(\b(?:j?session[-_]?id|phpsessid|asp\.net_sessionid|connect\.sid|csrf-?token|remember-me)=)([^\s;"'&,]{6,})/gi,
  },
  {
    pattern:
      /(\bx-(?:[\w-]{0,30}-)?(?:api|token|auth|secret|art-api)\\*["']? {0,4}: {0,4}\\*["']?)([^\s"'\\]{6,})/gi,
    isHarmless: isWordOfState,
  },
  // Names and flags that say so.
  { pattern: named, isHarmless: isHarmlessValue },
  { pattern: flagged, isHarmless: isHarmlessValue },
  {
    pattern:
      /(<[\w:.-]{0,40}?(?:password|passphrase|secret|token|apikey|privatekey)>\s{0,8})([^<\s][^<\n]{0,500})/gi,
    isHarmless: isHarmlessValue,
  },
  { pattern: /(\bpassphrase {0,4}[:=] {0,4})([^\s"'][^\n"']{2,200})/gi, isHarmless: isHarmlessValue },
  // Command lines.
  {
    pattern:
      /((?:^|\s)(?:-u|-U|--user|--proxy-user|--auth|-a)(?:=| {0,4})["']?[^\s:"'=/]{1,100}:)([^\s"']{1,300})/gm,
    isHarmless: (value, before) =>
      /^\d+$/.test(value) || before.endsWith(`${value}:`) || value.startsWith('/'),
  },
  { pattern: /(\b(?:mysql|mariadb)[\w-]{0,20}\b[^\n]{0,300}?\s-p)([^\s"']{1,200})/g },
  {
    pattern:
      /((?:\blogin\b|\bsshpass\b|\bhtpasswd\b|\bmongo\w*\b|\s-u[ =]?\S{1,80}|--username[ =]\S{1,80})[^\n]{0,300}?\s-p[ =]{0,3})("[^"\n]{1,300}"|'[^'\n]{1,300}'|[^\s"'-][^\s"']{0,300})/g,
    isHarmless: (value) => /^(\d+(:\d+)?|\.{0,2}\/.*)$/.test(value),
  },
  { pattern: /(\s-pass(?:in|out)?[ =]["']?pass:)([^\s"']{1,300})/g },
  { pattern: /(\bredis-cli\b[^\n]{0,200}?\s-a[ =]?["']?)([^\s"']{1,300})/g },
  { pattern: /(\bldap\w+\b[^\n]{0,200}?\s-w[ =]?["']?)([^\s"']{1,300})/g },
  { pattern: /(\s(?:-U|--user)[ =]?["']?[^\s%"']{1,80}%)([^\s"']{1,300})/g },
  { pattern: /(\b(?:un)?zip\b[^\n]{0,200}?\s-P[ =]?["']?)([^\s"']{1,300})/g },
  { pattern: /(\bmachine\s{1,8}\S{1,200}\s{1,8}login\s{1,8}\S{1,200}\s{1,8}password\s{1,8})(\S{1,300})/g },
  // Logins.
  { pattern: /(\bbasic {1,4})([A-Za-z0-9+/_-]{6,}={0,2})/gi, isHarmless: (value) => !isLogin(value) },
  { pattern: /(\bbearer {1,4})((?=[^\s\d.]{0,200}[\d.])[\w+/.~=-]{16,})/gi },
  // In a URL.
  { pattern: /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,300}:)([^\s/@]{1,300})(?=@)/gi },
  { pattern: /(\bhttps?:\/\/)((?=[^\s/@]{0,100}\d)[\w.~%-]{16,300})(?=@)/gi },
  {
    pattern:
      /([?&](?:sig|key|auth|code|access|jwt|x-(?:amz|goog)-(?:signature|credential|security-token))(?:=|%3D))([^\s&"'<>]{12,})/gi,
  },
  { pattern: /(\bjdbc:[a-z:]{1,40}[\w.-]{1,80}\/)([^\s/@]{1,200})(?=@)/gi },
  { pattern: /(\bsqlplus\s{1,4}(?:-\w+ )?[\w.-]{1,80}\/)([^\s/@]{1,200})/gi },
  // A webhook's signature; the digest of a package has the same form.
  { pattern: /(\bsignature\b[^\n]{0,12}?)(sha(?:1|256)=[0-9a-f]{16,})/gi },
  // Prose: a long random string close behind the word for it.
  {
    pattern:
      /(\b(?:token|secret|passwords?|passphrase|api[- ]?key|access[- ]?key|credentials?|bearer)\b(?: (?:is|was|of|value|set|to|with|for|called|named|id|\w{1,20}))?(?: (?:is|was|now|to))?[ :=]{1,3}["'`]?)((?=[^\s"'`]{0,80}\d)(?=[^\s"'`]{0,80}[A-Za-z])[\w+/.~=-]{16,})/gi,
    isHarmless: (value) => isPlainName(value),
  },
];

/** Words that a log says of a secret in the place of its value, and what stands for one. */
const NO_SECRET =
  /^\W*(?:\*+|x{3,}|\[?<?(?:redacted|masked|hidden|secret|removed|filtered|omitted|protected|encrypted)>?\]?|null|nil|none|undefined|true|false|yes|no|ok|on|off|set|unset|empty|missing|required|optional|expired|invalid|valid|wrong|incorrect|unknown|unauthorized|forbidden|denied|refused|rejected|revoked|failed|failure|failing|error|not|is|was|has|must|should|cannot|could|does|for|from|the|a|an|and|or|at|in|to|of|with|must|loaded|found|read|refreshed|renewed|rotated|created|updated|deleted|mounted|present|absent|provided|given|generated|default|string|number|boolean|integer|object|bytes?|basic|bearer|stdin|file|env|vault|id|name|type)\W*$/i;
const STANDS_FOR =
  /^["']?(?:\$[\w{(]|\$\{|\{\{|%\w+%|<[\w -]+>|@\w+@|env[.:]|secrets\.|secretsmanager:|arn:|vault:|file:|\*{3})/i;

function isHarmlessValue(value: string, before: string): boolean {
  const bare = value.replace(/^\\*["']|\\*["']$/g, '');
  if (bare.length < 3 || isWordOfState(bare) || STANDS_FOR.test(bare)) return true;
  if (/pwd\W*$/i.test(before) && /^(?:\/|~|[A-Z]:\\)/i.test(bare)) return true;
  // Docker's `--secret id=…` and a path name a place; a number counts.
  if (/^(?:id|src|type|source|target)=/.test(bare) || /^(?:\.{0,2}\/|~\/)[\w./-]+$/.test(bare)) return true;
  if (
    /(?:tests?|cases?|total|count|first|second|last|multi|single|by|band|low|high|checks?)[-_.]pass\W*$/i.test(
      before,
    )
  )
    return true;
  return /tokens?\W*$/i.test(before) && /^\d{1,7}(?:\.\d+)?%?$/.test(bare);
}

function isWordOfState(value: string): boolean {
  return NO_SECRET.test(value.split(/[\s.,;]/, 1)[0] ?? '');
}

/** `my-service.internal` and the like: words with separators. */
function isPlainName(value: string): boolean {
  const words = value.split(/[-_./=+~]/);
  const isWord = (word: string) => /^(?:[A-Za-z]{2,}\d{0,3}|\d{1,4})?$/.test(word);
  return words.length > 1 && words.every(isWord);
}

/** Base64 of `user:password`. */
function isLogin(base64: string): boolean {
  const text = Buffer.from(base64, 'base64').toString('latin1');
  return /^[\x20-\x7e\xa0-\xff]*$/.test(text) && text.includes(':');
}
