/** GitHub, Jenkins and Horreum at their barest: what the main job can't do without, and 404 for everything else. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}
interface Answered {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly text?: string;
}

export interface Comment {
  readonly id: number;
  body: string;
}

export interface PlainOutside {
  readonly urls: { readonly github: string; readonly jenkins: string; readonly horreum: string };
  readonly headSha: string;
  readonly comments: Comment[];
  readonly checks: Record<string, unknown>[];
  readonly reactions: string[];
  /** The parameters of every build. */
  readonly builds: Record<string, string>[];
  /** What has no answer here, as `METHOD /path`. */
  readonly missing: Set<string>;
  /** While true the build runs. */
  building: boolean;
  result: string;
  /** While false Horreum has nothing of the run. */
  uploaded: boolean;
  close(): Promise<void>;
}

const HEAD = 'c0ffee00'.repeat(5);
const LABELS = {
  'pb.repo_full_name': 'o/r',
  'pb.pull_request_number': '7',
  'pb.job_id': null,
  'gs.mean_response_time': 951_000,
};
const EXPERIMENT = {
  profile: {
    id: 1,
    name: 'pr',
    comparisons: [{ variableName: 'mean', config: { threshold: 0.1, greaterBetter: false } }],
  },
  results: {
    mean: { overall: 'WORSE', experimentValue: 951_000, baselineValue: 720_000, result: '+32.08%' },
  },
  baseline: [{ id: 1, runId: 1 }],
  logs: [],
};

/** Twelve runs of main around 720 µs, and the pull request's. */
const LIST = [
  { values: LABELS, runId: 57, datasetId: 61, start: 13, stop: 14 },
  ...[2, -3, 1, -1, 3, -2, 0, 2, -1, 1, -2, 0].map((promille, run) => ({
    values: {
      ...LABELS,
      'pb.pull_request_number': null,
      'gs.mean_response_time': 720_000 * (1 + promille / 1000),
    },
    runId: 12 - run,
    datasetId: 12 - run,
    start: 12 - run,
    stop: 13 - run,
  })),
];

export async function startPlainOutside(): Promise<PlainOutside> {
  const missing = new Set<string>();
  const world = {
    headSha: HEAD,
    comments: [] as Comment[],
    checks: [] as Record<string, unknown>[],
    reactions: [] as string[],
    builds: [] as Record<string, string>[],
    missing,
    building: true,
    result: 'SUCCESS',
    uploaded: false,
  };

  const github = ({ method, path, body }: Asked): Answered | undefined => {
    const sent = body === '' ? {} : (JSON.parse(body) as Record<string, string>);
    const asked = `${method} ${path.split('?')[0]}`;
    if (asked === 'POST /app/installations/1/access_tokens')
      return {
        status: 201,
        json: { token: 'ghs_plain', expires_at: new Date(Date.now() + 3_600_000).toISOString() },
      };
    if (asked === 'GET /repos/o/r/pulls/7')
      return {
        json: {
          number: 7,
          state: 'open',
          head: { sha: HEAD, ref: 'x', repo: { full_name: 'o/r' } },
          base: { ref: 'main', sha: 'b'.repeat(40) },
        },
      };
    if (/^POST .*\/reactions$/.test(asked)) {
      world.reactions.push(sent['content'] ?? '');
      return { status: 201, json: { id: 1 } };
    }
    if (asked === 'POST /repos/o/r/issues/7/comments') {
      const comment = { id: world.comments.length + 1, body: sent['body'] ?? '' };
      world.comments.push(comment);
      return { status: 201, json: comment };
    }
    const edited = /^PATCH .*\/issues\/comments\/(\d+)$/.exec(asked)?.[1];
    if (edited) {
      const comment = world.comments[Number(edited) - 1];
      if (comment) comment.body = sent['body'] ?? '';
      return { json: { id: Number(edited) } };
    }
    if (asked === 'POST /repos/o/r/check-runs') {
      world.checks.push(sent);
      return { status: 201, json: { id: world.checks.length } };
    }
    const check = /^PATCH .*\/check-runs\/(\d+)$/.exec(asked)?.[1];
    if (check) {
      world.checks[Number(check) - 1] = { ...world.checks[Number(check) - 1], ...sent };
      return { json: { id: Number(check) } };
    }
    return undefined;
  };

  const jenkins = ({ method, path, body }: Asked): Answered | undefined => {
    const asked = `${method} ${path.split('?')[0]}`;
    if (asked === 'POST /job/getting-started/buildWithParameters') {
      world.builds.push(Object.fromEntries(new URLSearchParams(body)));
      return { status: 201, headers: { location: 'http://ci.example/queue/item/5/' } };
    }
    if (asked === 'GET /queue/item/5/api/json')
      return {
        json: {
          id: 5,
          why: null,
          executable: { number: 42, url: 'http://ci.example/job/getting-started/42/' },
        },
      };
    if (asked === 'GET /job/getting-started/42/api/json')
      return { json: { number: 42, building: world.building, result: world.building ? null : world.result } };
    if (asked === 'GET /job/getting-started/42/consoleText')
      return { text: 'compiling\nERROR: it does not compile\n' };
    return undefined;
  };

  const horreum = ({ method, path }: Asked): Answered | undefined => {
    const asked = `${method} ${path.split('?')[0]}`;
    if (!world.uploaded) return undefined;
    if (asked === 'GET /api/run/57/summary') return { json: { id: 57, testid: 10, access: 'PUBLIC' } };
    if (asked === 'GET /api/run/57/labelValues')
      return { json: [{ values: LABELS, runId: 57, datasetId: 61, start: 1, stop: 2 }] };
    if (asked === 'GET /api/experiment/run') return { json: [EXPERIMENT] };
    if (asked === 'GET /api/experiment/10/profiles') return { json: [EXPERIMENT.profile] };
    if (asked === 'GET /api/alerting/variables')
      return { json: [{ id: 1, testId: 10, name: 'mean', labels: ['gs.mean_response_time'] }] };
    if (asked === 'GET /api/test/10/labelValues') return { json: LIST };
    if (asked === 'GET /api/run/list/10')
      return {
        json: {
          total: LIST.length,
          runs: LIST.map(({ runId, start }) => ({
            id: runId,
            testid: 10,
            access: 'PUBLIC',
            start,
            trashed: false,
          })),
        },
      };
    return undefined;
  };

  const servers = await Promise.all([github, jenkins, horreum].map((answer) => serve(answer, missing)));
  const [githubUrl = '', jenkinsUrl = '', horreumUrl = ''] = servers.map(
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  return Object.assign(world, {
    urls: { github: githubUrl, jenkins: jenkinsUrl, horreum: horreumUrl },
    async close() {
      await Promise.all(
        servers.map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  });
}

async function serve(answer: (asked: Asked) => Answered | undefined, missing: Set<string>): Promise<Server> {
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method = 'GET', url: path = '/' } = request;
      const {
        status = 200,
        headers = {},
        json,
        text = '',
      } = answer({ method, path, body }) ?? notFound(missing, method, path);
      response.writeHead(status, {
        'content-type': json === undefined ? 'text/plain' : 'application/json',
        ...headers,
      });
      response.end(json === undefined ? text : JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function notFound(missing: Set<string>, method: string, path: string): Answered {
  missing.add(`${method} ${path.split('?')[0]}`);
  return { status: 404, json: { message: 'Not Found' } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
