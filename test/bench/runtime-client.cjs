/**
 * The smallest client of Lambda's Runtime API: loads a handler, fetches events over HTTP, posts answers. Plain JavaScript, so that
 * no type stripping is measured with it. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
'use strict';
const http = require('node:http');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, path, body, headers) {
  return new Promise((resolve, reject) => {
    const options = { host, port, agent, method, path: `/2018-06-01/runtime/${path}`, headers };
    const request = http.request(options, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ headers: answer.headers, text: Buffer.concat(chunks).toString('utf8') }),
      );
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

const sum = ({ user, system }) => String(user + system);

async function main() {
  const { handler } = require(process.env._HANDLER);
  const cpuAtReady = process.cpuUsage();
  for (;;) {
    const { headers, text } = await call('GET', 'invocation/next');
    const id = headers['lambda-runtime-aws-request-id'];
    try {
      const answer = await handler(JSON.parse(text), { awsRequestId: id });
      const told = {
        'x-cpu-microseconds': sum(process.cpuUsage(cpuAtReady)),
        'x-cpu-in-all-microseconds': sum(process.cpuUsage()),
      };
      await call('POST', `invocation/${id}/response`, JSON.stringify(answer ?? null), told);
    } catch (error) {
      await call('POST', `invocation/${id}/error`, JSON.stringify({ errorMessage: String(error) }));
    }
  }
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
