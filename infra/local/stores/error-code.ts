/** Reads the code of a system error, such as ENOENT; not by `instanceof`, because the error may come from another realm. */
export function errorCode(error: unknown): string | undefined {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
