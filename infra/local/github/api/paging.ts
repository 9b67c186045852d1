/** Cuts lists into pages with GitHub's Link header. */
import type { ApiRequest } from './request.ts';
import type { GitHubState } from '../state/state.ts';

const DEFAULT_PAGE_SIZE = 30;
const MAX_PAGE_SIZE = 100;

export interface Page<T> {
  readonly items: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

export function pageOf<T>(state: GitHubState, request: ApiRequest, all: readonly T[]): Page<T> {
  const size = pageSize(request);
  const page = Math.max(1, wholeNumber(request.query.get('page')) ?? 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const links: string[] = [];
  const link = (target: number, rel: string) =>
    links.push(`<${pageUrl(state, request, { page: String(target) })}>; rel="${rel}"`);
  if (page > 1) link(page - 1, 'prev');
  if (page < last) link(page + 1, 'next');
  if (page < last) link(last, 'last');
  if (page > 1) link(1, 'first');
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length ? { link: links.join(', ') } : {},
  };
}

export function pageSize(request: ApiRequest): number {
  const asked = wholeNumber(request.query.get('per_page')) ?? DEFAULT_PAGE_SIZE;
  return Math.min(Math.max(1, asked), MAX_PAGE_SIZE);
}

export function pageUrl(
  state: GitHubState,
  request: ApiRequest,
  changes: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams(request.query);
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  return `${state.apiUrl}${request.path}?${query.toString()}`;
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}
