/** What GitHub tells anybody about itself. */
import type { Route } from '../router.ts';

export const metaRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    needs: 'anybody',
    answer: () => ({
      status: 200,
      body: {
        message:
          'This is a stand-in for the GitHub API, made for trying Perf Bot out and for its tests. Nothing here is real: it knows no GitHub account, and it forgets everything when it stops.',
      },
    }),
  },
  {
    method: 'GET',
    path: '/meta',
    needs: 'anybody',
    answer: () => ({ status: 200, body: { hooks: ['127.0.0.1/32', '::1/128'] } }),
  },
  {
    method: 'GET',
    path: '/zen',
    needs: 'anybody',
    answer: () => ({
      status: 200,
      headers: { 'content-type': 'text/plain;charset=utf-8' },
      body: 'Measure before you merge.',
    }),
  },
];
